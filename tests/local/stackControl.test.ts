import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentsAt, leftoversAt } from '../../local/stack/control.ts';

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
  runId: 'demo-1',
  agentId,
  state: 'running',
  last: 'running',
  made: [],
  removed: [],
  exitCode: null,
  ...change,
});

describe('the control endpoint', () => {
  it('shows the agents of one run, with how they ended', async () => {
    answers['/control/agents'] = [
      agent('hm-1-compute-01', { made: ['/a', '/b'], removed: ['/a'], last: 'cleaning up' }),
      agent('hm-1-web-01', { state: 'failed', exitCode: 137, last: 'killed' }),
      agent('hm-2-ai-01', { runId: 'demo-2' }),
    ];
    expect(await agentsAt(url, 'demo-1')).toEqual([
      { agentId: 'hm-1-compute-01', state: 'running', last: 'made 2, removed 1: cleaning up' },
      { agentId: 'hm-1-web-01', state: 'failed', last: 'made 0, removed 0, exit code 137: killed' },
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
