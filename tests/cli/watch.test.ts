import { afterEach, describe, expect, it } from 'vitest';
import { haymaker } from './support/haymaker.ts';
import { failure, type Reply, type Seen, startServer, type TestServer } from './support/server.ts';

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const RUN = 'GET /api/v1/runs/run-1';
const LOGS = 'GET /api/v1/agents/hm-1-compute-01/logs';

const agent = { agent_id: 'hm-1-compute-01', scenario: 'compute-01', status: 'running', state: 'running' };
const run = (change: object = {}): Reply => ({
  json: {
    run_id: 'run-1',
    status: 'running',
    live: true,
    cleanup_status: 'pending',
    phase: 'monitoring',
    started_at: '2026-11-21T06:00:00Z',
    scenarios: ['compute-01'],
    phases: [{ phase: 'monitoring', started_at: '2026-11-21T06:00:10Z' }],
    agents: [agent],
    ...change,
  },
});
const ended = (change: object = {}) =>
  run({
    status: 'completed',
    cleanup_status: 'verified',
    completed_at: '2026-11-21T06:02:00Z',
    agents: [{ ...agent, status: 'completed', state: 'completed', progress: 'all gone' }],
    ...change,
  });

async function serve(routes: Record<string, (request: Seen, times: number) => Reply>): Promise<TestServer> {
  const server = await startServer({ [LOGS]: () => ({ json: { logs: [], next_cursor: 'c' } }), ...routes });
  servers.push(server);
  return server;
}

const watch = (server: TestServer, more: readonly string[] = ['--run', 'run-1'], options = {}) =>
  haymaker(['watch', '--poll-interval', '1', ...more], {
    env: { HAYMAKER_ENDPOINT: server.url },
    ...options,
  });

describe('watch', () => {
  it('writes a line for every change where there is no terminal, and ends with the run', async () => {
    const server = await serve({ [RUN]: (_request, times) => (times < 3 ? run() : ended()) });
    const { code, out, err } = await watch(server);
    expect(code).toBe(0);
    expect(out.replace(/^\d\d:\d\d:\d\d /gm, '').split('\n')).toEqual([
      'monitoring',
      'hm-1-compute-01 running',
      '1 agent: 1 running',
      'hm-1-compute-01 completed: all gone',
      '1 agent: 1 completed',
      'completed; clean-up verified',
      '',
    ]);
    expect(err).toBe('Its report: haymaker runs report run-1\n');
  });

  it('--json is a line of JSON for every change', async () => {
    const server = await serve({ [RUN]: (_request, times) => (times < 2 ? run() : ended()) });
    const { out } = await watch(server, ['--run', 'run-1', '--json']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ kind }) => kind)).toEqual(['phase', 'agent', 'agents', 'agent', 'agents', 'ended']);
    expect(lines.at(-1)).toMatchObject({ run_id: 'run-1', status: 'completed', cleanup_status: 'verified' });
    expect(Date.parse(lines[0].at)).toBeGreaterThan(0);
  });

  it.each([
    ['failed', 'verified', 'run-1 failed.'],
    ['completed', 'leftovers', 'its clean-up is leftovers'],
    ['completed', 'unknown', 'its clean-up is unknown'],
  ])('ends with 1 for a run that is %s with clean-up %s', async (status, cleanup_status, said) => {
    const server = await serve({ [RUN]: () => ended({ status, cleanup_status }) });
    expect(await watch(server)).toMatchObject({ code: 1, err: expect.stringContaining(said) });
  });

  it('waits for a server that is away, says so once, and says when it is back', async () => {
    const away = () => failure(503, 'STORAGE_UNAVAILABLE', 'Later.', { 'retry-after': '0' });
    const server = await serve({
      [RUN]: (_request, times) => (times === 1 ? run() : times <= 9 ? away() : ended()),
    });
    const { code, out } = await watch(server);
    expect(code).toBe(0);
    expect(out.match(/Later\..* Trying again …/g)).toHaveLength(1);
    expect(out).toContain('The app answers again.');
  });

  it('without --run takes the live one; says meanwhile that nothing runs', async () => {
    const idle = { status: 'idle', next_run: '2099-01-01T06:00:00Z' };
    const server = await serve({
      'GET /api/v1/status': (_request, times) => ({
        json: times === 1 ? idle : { status: 'running', current_run_id: 'run-1' },
      }),
      [RUN]: () => ended(),
    });
    const { code, err } = await watch(server, []);
    expect(code).toBe(0);
    expect(err).toMatch(/^Nothing is running\. Next run 2099-01-01 06:00:00 \(in \d+ days\)\. Waiting …\n/);
  });

  it('ends with 3 for a run that does not exist, and waits for one that is queued', async () => {
    const none = failure(404, 'RUN_NOT_FOUND', 'There is no run run-1.');
    const unknown = await serve({ [RUN]: () => none });
    expect(await watch(unknown)).toMatchObject({ code: 3, err: 'There is no run run-1.\n' });
    const queued = await serve({
      [RUN]: (_request, times) => (times < 3 ? none : ended()),
      'GET /api/v1/executions/run-1': () => ({
        json: { execution_id: 'run-1', status: 'queued', created_at: '2026-11-21T06:00:00Z' },
      }),
    });
    expect((await watch(queued)).code).toBe(0);
  });

  it('on a terminal it draws, and Ctrl-C leaves the last picture and says how to go on', async () => {
    const server = await serve({
      [RUN]: () => run(),
      [LOGS]: (_request, times) => ({
        json: {
          logs: [{ timestamp: '2026-11-21T06:00:20Z', level: 'INFO', message: 'x', agent_id: 'hm-1' }],
          next_cursor: `c${times}`,
        },
      }),
    });
    const interrupt = new AbortController();
    const { code, out, err } = await watch(server, ['--run', 'run-1'], {
      columns: 80,
      interrupt,
      onOut: (all: string) => {
        if (all.includes('1 event')) interrupt.abort();
      },
    });
    expect(code).toBe(130);
    expect(out.split('\u001b[?1049l')[1]).toContain('HayMaker run-1');
    expect(err).toContain('Go on watching: haymaker watch --run run-1');
    expect(err).toContain('Stop it: haymaker runs stop run-1');
  });

  it('reads the log of an agent only when it has said something new, from where it was', async () => {
    const server = await serve({
      [RUN]: (_request, times) =>
        times < 3 ? run() : times === 3 ? run({ agents: [{ ...agent, progress: 'new' }] }) : ended(),
    });
    await watch(server);
    expect(server.of(LOGS).map(({ query }) => query.get('cursor'))).toEqual([null, 'c', 'c']);
  });
});
