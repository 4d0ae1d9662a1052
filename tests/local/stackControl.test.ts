import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentsAt, leftoversAt } from '../../local/stack/control.ts';
import { runPrefix } from '../../src/domain/naming.ts';

let server: Server;
let url: string;
let answers: Record<string, unknown>;

beforeEach(async () => {
  answers = {};
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? 'no such path'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const agent = (agentId: string, change: object) => ({
  agentId,
  state: 'working',
  made: [],
  removed: [],
  running: true,
  exitCode: null,
  ...change,
});

describe('the control endpoint', () => {
  it('shows the agents of one run, with how they ended', async () => {
    const id = (scenario: string) => `${runPrefix('demo-1')}${scenario}`;
    answers['/control/agents'] = [
      agent(id('compute-01'), { made: ['/subscriptions/s/providers/x/virtualMachines/vm1'] }),
      agent(id('web-01'), { running: false, exitCode: 0 }),
      agent(id('ai-01'), { running: false, exitCode: 137 }),
      agent('hm-ffffffff-ai-01', {}),
    ];
    expect(await agentsAt(url, 'demo-1')).toEqual([
      {
        agentId: id('compute-01'),
        state: 'running',
        last: 'working; made 1, removed 0, last virtualMachines/vm1',
      },
      { agentId: id('web-01'), state: 'completed', last: 'exit code 0; made 0, removed 0' },
      { agentId: id('ai-01'), state: 'failed', last: 'exit code 137; made 0, removed 0' },
    ]);
  });

  it('does not take an error for "nothing left"', async () => {
    await expect(leftoversAt(url)).rejects.toThrow(/control\/leftovers answered 404/);
    answers['/control/leftovers'] = { left: [] };
    await expect(leftoversAt(url)).rejects.toThrow();
    answers['/control/leftovers'] = [{ id: '/x' }];
    expect(await leftoversAt(url)).toHaveLength(1);
  });
});
