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

const call = (server: TestServer, words: string[], env: Record<string, string> = {}) =>
  haymaker(words, { env: { HAYMAKER_ENDPOINT: server.url, ...env } });
const STATUS = { status: 'idle', active_agents: 0 };
const QUEUED = {
  execution_id: 'exec-1',
  status: 'queued',
  created_at: '2026-11-21T06:00:00Z',
  status_url: '/x',
};
const HEALTH = () => ({ json: { status: 'healthy', version: '0.0.9', checks: {} } });

describe('a failure is one sentence that says what to do', () => {
  it('a server that is down', async () => {
    const server = await serve({});
    await server.close();
    servers.length = 0;
    const { code, err, out } = await call(server, ['status']);
    expect([code, out]).toEqual([5, '']);
    expect(err.trim().split('\n').at(-1)).toBe(
      `Nothing listens at ${server.url}. Is the app started (locally: npm run dev), and the endpoint right (HAYMAKER_ENDPOINT)?`,
    );
  });

  it('a host that does not exist', async () => {
    const env = { HAYMAKER_ENDPOINT: 'https://haymaker.invalid', HAYMAKER_API_KEY: 'k' };
    const { code, err } = await haymaker(['status'], { env });
    expect(code).toBe(5);
    expect(err).toContain('There is no host haymaker.invalid. Check the endpoint (HAYMAKER_ENDPOINT)');
  });

  it('a wrong key, which is not repeated to anybody', async () => {
    const server = await serve({ 'GET /api/v1/status': () => ({ status: 401, text: '' }) });
    const { code, err } = await call(server, ['status', '--verbose'], { HAYMAKER_API_KEY: 's3cret' });
    expect(code).toBe(4);
    expect(err).toContain('does not accept the key of HAYMAKER_ENDPOINT (401). Set the right one');
    expect(err).not.toContain('s3cret');
    expect(server.seen[0]?.headers['x-functions-key']).toBe('s3cret');
  });

  it('an app that is older than the command', async () => {
    const server = await serve({ 'GET /health': HEALTH });
    const { code, err } = await call(server, ['runs', 'list']);
    expect(code).toBe(1);
    expect(err).toContain(
      `HayMaker 0.0.9 at ${server.url} has no GET /api/v1/runs: it is older than this command`,
    );
  });

  it('something that is no HayMaker', async () => {
    const server = await serve({ 'GET /health': () => ({ text: '<html>welcome</html>' }) });
    expect(await call(server, ['status'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('There is no HayMaker at'),
    });
  });

  it('a login page', async () => {
    const server = await serve({ 'GET /api/v1/status': () => ({ text: '<html>sign in</html>' }) });
    expect(await call(server, ['status'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('with text/html, not JSON'),
    });
  });

  it('an answer of another shape', async () => {
    const server = await serve({ 'GET /api/v1/status': () => ({ json: { status: 7 } }) });
    expect(await call(server, ['status'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('not as expected (status:'),
    });
  });

  it('a redirect, which is not followed with the key', async () => {
    const other = await serve({ 'GET /api/v1/status': () => ({ json: STATUS }) });
    const server = await serve({
      'GET /api/v1/status': () => ({
        status: 302,
        headers: { location: `${other.url}/api/v1/status` },
        text: '',
      }),
    });
    const outcome = await call(server, ['status'], { HAYMAKER_API_KEY: 'k' });
    expect(outcome).toMatchObject({ code: 5, err: expect.stringContaining('correct the endpoint') });
    expect(other.seen).toEqual([]);
  });

  it.each([
    [400, 'INVALID_REQUEST', 2],
    [403, 'FORBIDDEN', 4],
    [404, 'SCENARIO_NOT_FOUND', 3],
    [409, 'RUN_IS_LIVE', 4],
    [500, 'INTERNAL_ERROR', 1],
  ])('%i %s in the words of the app, ends with its number', async (status, code, exit) => {
    const server = await serve({ 'POST /api/v1/execute': () => failure(status, code, 'What the app says.') });
    const outcome = await call(server, ['deploy', '--scenario', 'x']);
    expect(outcome).toMatchObject({
      code: exit,
      out: '',
      err: expect.stringContaining('What the app says.'),
    });
  });
});

describe('what is repeated', () => {
  it('a question, as Retry-After says', async () => {
    const server = await serve({
      'GET /api/v1/status': (_request, times) =>
        times === 1
          ? failure(503, 'STORAGE_UNAVAILABLE', 'Later.', { 'retry-after': '0' })
          : { json: STATUS },
    });
    const outcome = await call(server, ['status', '--json']);
    expect(outcome).toMatchObject({ code: 0, err: expect.stringContaining('answered 503, trying again') });
    expect(JSON.parse(outcome.out)).toEqual(STATUS);
  });

  it('a start, with the same idempotency key', async () => {
    const server = await serve({
      'POST /api/v1/execute': (_request, times) =>
        times === 1 ? { stream: (response) => response.destroy() } : { status: 202, json: QUEUED },
    });
    expect((await call(server, ['deploy', '--scenario', 'compute-01'])).code).toBe(0);
    const [first, second] = server
      .of('POST /api/v1/execute')
      .map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
  });

  it('no clean-up and no stop', async () => {
    const server = await serve({
      'POST /api/v1/cleanup': () => failure(503, 'STORAGE_UNAVAILABLE', 'Later.'),
      'POST /api/v1/runs/r/stop': () => failure(503, 'STORAGE_UNAVAILABLE', 'Later.'),
    });
    expect((await call(server, ['cleanup', '--yes'])).code).toBe(5);
    expect((await call(server, ['runs', 'stop', 'r'])).code).toBe(5);
    expect(server.seen).toHaveLength(2);
  });

  it('nothing for which the app wants a long wait: it is said', async () => {
    const server = await serve({
      'POST /api/v1/execute': () =>
        failure(429, 'RATE_LIMIT_EXCEEDED', 'Too many runs.', { 'retry-after': '1800' }),
    });
    const { code, err } = await call(server, ['deploy', '--scenario', 'compute-01']);
    expect([code, err]).toEqual([4, 'Too many runs. Try again in 1800 s.\n']);
    expect(server.seen).toHaveLength(1);
  });
});

describe('usage', () => {
  it.each([
    [[], 'Usage: haymaker'],
    [['deploy'], "required option '--scenario <id>' not specified"],
    [['deploy', '--scenario', 'a,b,c,d,e,f'], 'at most 5 scenarios, not 6'],
    [['deploy', '--scenario', 'a', '--duration', '30m'], 'Expected 1 to 24 hours'],
    [['agents', 'lst'], "unknown command 'lst'"],
    [['status', '--format', 'xml'], 'Allowed choices are table, json, yaml'],
    [['status', '--colour'], "unknown option '--colour'"],
    [['agents', 'list', '--status', 'sleeping'], 'Allowed choices are running, completed, failed'],
    [['cleanup'], 'Nobody is here to ask: add --yes'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
  ])('%j is explained and ends with 2', async (words, message) => {
    const { code, err, out } = await haymaker(words, { env: { HAYMAKER_ENDPOINT: 'http://127.0.0.1:1' } });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it.each([[['--help']], [['deploy', '--help']], [['--version']]])('%j ends with 0', async (words) => {
    expect((await haymaker(words)).code).toBe(0);
  });
});
