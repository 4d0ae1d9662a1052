import { afterEach, describe, expect, it } from 'vitest';
import { haymaker } from './support/haymaker.ts';
import { failure, type Reply, type Seen, startServer, type TestServer } from './support/server.ts';

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(routes: Record<string, (request: Seen, times: number) => Reply>): Promise<TestServer> {
  const server = await startServer(routes);
  servers.push(server);
  return server;
}

const line = (n: number) => ({
  timestamp: `2026-11-21T06:00:0${n}.000Z`,
  level: 'INFO',
  message: `line ${n}`,
  agent_id: 'a-1',
});
const LOGS = 'GET /api/v1/agents/a-1/logs';
const FOLLOW = ['logs', '--agent-id', 'a-1', '--follow', '--tail', '2'];

/** Runs until all the texts have been written, then presses Ctrl-C. */
function untilWritten(server: TestServer, words: string[], texts: string[]) {
  const interrupt = new AbortController();
  const onOut = (all: string) => {
    if (texts.every((text) => all.includes(text))) interrupt.abort();
  };
  return haymaker(words, { env: { HAYMAKER_ENDPOINT: server.url }, interrupt, onOut });
}

const eventStream = (ids: number[], end: 'close' | 'break' | 'stay'): Reply => ({
  stream: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(ids.map((n) => `id: e${n}\ndata: ${JSON.stringify(line(n))}\n\n`).join(''), () => {
      if (end === 'close') response.end();
      if (end === 'break') response.destroy();
    });
  },
});

describe('logs --follow', () => {
  it('reads the stream of events, goes on behind the last one when it closes or breaks, and stops on Ctrl-C', async () => {
    const server = await serve({
      [LOGS]: (_request, times) =>
        times === 1
          ? eventStream([1, 2], 'close')
          : times === 2
            ? eventStream([3], 'break')
            : eventStream([4], 'stay'),
    });
    const { code, out, err } = await untilWritten(server, FOLLOW, ['line 4']);
    expect(code).toBe(130);
    expect(out.match(/line \d/g)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(err).toContain('Go on with: haymaker logs --agent-id a-1 --follow');
    expect(server.of(LOGS).map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'e2', 'e3']);
    expect(server.of(LOGS)[0]?.query.get('follow')).toBe('true');
  });

  it('asks again and again where there is no stream, by position', async () => {
    const server = await serve({
      [LOGS]: (_request, times) => ({
        json: {
          logs: times === 1 ? [line(1), line(2)] : [line(3)],
          next_since: null,
          next_cursor: `c${times}`,
        },
      }),
    });
    const { out } = await untilWritten(server, [...FOLLOW, '--json'], ['line 3']);
    expect(
      out
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each).message),
    ).toEqual(['line 1', 'line 2', 'line 3']);
    expect(server.of(LOGS).map(({ query }) => [query.get('tail'), query.get('cursor')])).toEqual([
      ['2', null],
      ['1000', 'c1'],
    ]);
  });

  it('waits for a server that is away, and says so once', async () => {
    const server = await serve({
      [LOGS]: (_request, times) =>
        times <= 5
          ? failure(503, 'STORAGE_UNAVAILABLE', 'Later.', { 'retry-after': '0' })
          : eventStream([1], 'stay'),
    });
    const { out, err } = await untilWritten(server, FOLLOW, ['line 1']);
    expect(out).toContain('line 1');
    expect(err.match(/Trying again …/g)).toHaveLength(1);
  });

  it('ends when the agent has ended', async () => {
    const server = await serve({
      [LOGS]: (_request, times) => (times === 1 ? eventStream([1], 'close') : { status: 204 }),
    });
    expect(await untilWritten(server, FOLLOW, ['nothing'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('line 1'),
      err: 'The agent has ended; nothing more will come.\n',
    });
  });

  it('ends when the app refuses', async () => {
    const server = await serve({ [LOGS]: () => failure(404, 'AGENT_NOT_FOUND', 'There is no agent a-1.') });
    expect(await untilWritten(server, FOLLOW, ['nothing'])).toMatchObject({
      code: 3,
      err: 'There is no agent a-1.\n',
    });
  });
});

const QUEUED = { execution_id: 'exec-1', status: 'queued', created_at: '2026-11-21T06:00:00Z' };
const execution = (status: string, more = {}) => ({
  json: {
    execution_id: 'exec-1',
    scenarios: ['compute-01'],
    status,
    created_at: '2026-11-21T06:00:00Z',
    progress: { completed: 0, running: 1, failed: 0, total: 1 },
    ...more,
  },
});
const DEPLOY = ['deploy', '--scenario', 'compute-01', '--wait', '--poll-interval', '1'];
const EXECUTION = 'GET /api/v1/executions/exec-1';

async function deployed(ending: (times: number) => Reply, words = DEPLOY) {
  const server = await serve({
    'POST /api/v1/execute': () => ({ status: 202, json: QUEUED }),
    [EXECUTION]: (_request, times) => ending(times),
  });
  return { server, outcome: await haymaker(words, { env: { HAYMAKER_ENDPOINT: server.url } }) };
}

describe('deploy --wait', () => {
  it('follows the run to its end; only a verified clean-up is a success', async () => {
    const ok = await deployed((times) =>
      times === 1
        ? execution('running', { phase: 'monitoring' })
        : execution('completed', { cleanup_status: 'verified', completed_at: '2026-11-21T06:05:00Z' }),
    );
    expect(ok.outcome.code).toBe(0);
    expect(ok.outcome.out).toContain('Status    completed');
    expect(ok.outcome.err).toMatch(/Started exec-1\.\n\d\d:\d\d:\d\d monitoring: 1 running/);

    const left = await deployed(() => execution('completed', { cleanup_status: 'leftovers' }));
    expect(left.outcome).toMatchObject({
      code: 1,
      err: expect.stringContaining('its clean-up is leftovers'),
    });
  });

  it('ends with 1 and the reason when the run failed; json is one document', async () => {
    const { outcome } = await deployed(
      () => execution('failed', { error: 'No quota.' }),
      [...DEPLOY, '--json'],
    );
    expect(outcome).toMatchObject({ code: 1, err: expect.stringContaining('exec-1 failed: No quota.') });
    expect(JSON.parse(outcome.out)).toMatchObject({ execution_id: 'exec-1', error: 'No quota.' });
  });

  it('goes on when the app was away for a while', async () => {
    const { outcome, server } = await deployed((times) =>
      times <= 4
        ? failure(503, 'STORAGE_UNAVAILABLE', 'Later.', { 'retry-after': '0' })
        : execution('completed', { cleanup_status: 'verified' }),
    );
    expect(outcome).toMatchObject({
      code: 0,
      err: expect.stringContaining('Later. (trace t-1) Trying again …'),
    });
    expect(server.of(EXECUTION)).toHaveLength(5);
  });

  it('says on Ctrl-C that the run goes on, and how to go on with it', async () => {
    const interrupt = new AbortController();
    const server = await serve({
      'POST /api/v1/execute': () => ({ status: 202, json: QUEUED }),
      [EXECUTION]: () => {
        interrupt.abort();
        return execution('running');
      },
    });
    const outcome = await haymaker(DEPLOY, { env: { HAYMAKER_ENDPOINT: server.url }, interrupt });
    expect(outcome).toMatchObject({ code: 130, out: '' });
    expect(outcome.err).toContain('haymaker runs show exec-1');
    expect(outcome.err).toContain('haymaker runs stop exec-1');
  });
});
