import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { haymaker, newHome } from './support/haymaker.ts';
import { type Reply, type Seen, startServer, type TestServer } from './support/server.ts';

const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function calling(routes: Record<string, (request: Seen, times: number) => Reply>) {
  const server = await startServer(routes);
  servers.push(server);
  return {
    server,
    run: (...words: string[]) => haymaker(words, { env: { HAYMAKER_ENDPOINT: server.url } }),
  };
}

const resource = (n: number, type: string) => ({
  id: `/r/${n}`,
  name: `res-${n}`,
  type,
  scenario: 'compute-01',
  execution_id: 'run-1',
  created_at: '2026-11-21T06:00:00Z',
  status: 'deleted',
  deleted_at: null,
  tags: {},
});

describe('the format of a result', () => {
  const STATUS = {
    status: 'running',
    active_agents: 2,
    current_run_id: 'run-1',
    phase: 'monitoring',
    extra: { kept: true },
  };

  it('is asked for before or after the command, and holds what the app said', async () => {
    const { run } = await calling({ 'GET /api/v1/status': () => ({ json: STATUS }) });
    for (const words of [
      ['--format', 'json', 'status'],
      ['status', '--format', 'json'],
      ['status', '--json'],
      ['--json', 'status'],
    ]) {
      expect(JSON.parse((await run(...words)).out)).toEqual(STATUS);
    }
    expect(parse((await run('status', '--format=yaml')).out)).toEqual(STATUS);
    expect((await run('status')).out).toContain('Phase     monitoring\nAgents    2 active');
  });

  it('has no colour unless a terminal shows it', async () => {
    const { server } = await calling({ 'GET /api/v1/status': () => ({ json: STATUS }) });
    const env = { HAYMAKER_ENDPOINT: server.url };
    const isColoured = ({ out }: { out: string }) => out.includes('\u001b[');
    expect(isColoured(await haymaker(['status'], { env }))).toBe(false);
    expect(isColoured(await haymaker(['status'], { env, columns: 80 }))).toBe(true);
    expect(isColoured(await haymaker(['status'], { env: { ...env, NO_COLOR: '1' }, columns: 80 }))).toBe(
      false,
    );
    expect(isColoured(await haymaker(['status', '--json'], { env, columns: 80 }))).toBe(false);
  });
});

describe('lists', () => {
  it('are read page by page up to the limit, and come out as an array', async () => {
    const { run, server } = await calling({
      'GET /api/v1/resources': ({ query }) => {
        const from = Number(query.get('cursor') ?? 0);
        const limit = Number(query.get('limit'));
        const resources = Array.from({ length: limit }, (_, n) =>
          resource(from + n, 'Microsoft.Compute/disks'),
        );
        return { json: { resources, next_cursor: String(from + limit) } };
      },
    });
    const { out } = await run('resources', 'list', '--limit', '1100', '--scenario', 'compute-01', '--json');
    expect(JSON.parse(out)).toHaveLength(1_100);
    expect(
      server.seen.map(({ query }) => [query.get('limit'), query.get('cursor'), query.get('scenario')]),
    ).toEqual([
      ['500', null, 'compute-01'],
      ['500', '500', 'compute-01'],
      ['100', '1000', 'compute-01'],
    ]);
  });

  it('are grouped, the largest group first', async () => {
    const resources = [
      resource(1, 'Microsoft.A/a'),
      resource(2, 'Microsoft.B/b'),
      resource(3, 'Microsoft.B/b'),
    ];
    const { run } = await calling({ 'GET /api/v1/resources': () => ({ json: { resources } }) });
    const { out } = await run('resources', 'list', '--group-by', 'type');
    expect(out.split('\n').filter((line) => line.includes('('))).toEqual([
      'Microsoft.B/b (2 resources)',
      expect.stringContaining('CREATED (UTC)'),
      'Microsoft.A/a (1 resource)',
      expect.stringContaining('CREATED (UTC)'),
    ]);
    expect((await run('resources', 'list', '--group-by', 'execution')).out).toContain('run-1 (3 resources)');
  });

  it('that are empty say so, and are an empty array to a program', async () => {
    const { run } = await calling({
      'GET /api/v1/agents': () => ({ json: { agents: [], next_cursor: null } }),
    });
    expect((await run('agents', 'list')).out).toBe('No agents.\n');
    expect((await run('agents', 'list', '--json')).out).toBe('[]\n');
  });
});

describe('what is sent', () => {
  const queued = { execution_id: 'e', status: 'queued', created_at: '2026-11-21T06:00:00Z' };
  const done = { cleanup_id: 'c', status: 'completed', resources_found: 0 };

  it('by deploy', async () => {
    const { run, server } = await calling({ 'POST /api/v1/execute': () => ({ status: 202, json: queued }) });
    await run(
      'deploy',
      '--scenario',
      'a',
      '--scenario',
      'b',
      '--duration',
      '2h',
      '--tag',
      'team=soc',
      '--seed',
      's',
    );
    await run('deploy', '--scenario', 'a');
    expect(server.seen.map(({ body }) => body)).toEqual([
      { scenarios: ['a', 'b'], duration_hours: 2, tags: { team: 'soc' }, seed: 's' },
      { scenarios: ['a'] },
    ]);
  });

  it('by cleanup, which shows what a dry run would remove without asking', async () => {
    const resources = [{ id: '/subscriptions/s/resourceGroups/hm-1', kind: 'resource-group', reason: null }];
    const { run, server } = await calling({
      'POST /api/v1/cleanup': () => ({
        status: 202,
        json: { ...done, status: 'running', resources_found: 1 },
      }),
      'GET /api/v1/cleanup/c': () => ({ json: { ...done, resources_found: 1, resources } }),
    });
    const { out, code } = await run('cleanup', '--execution-id', 'run-1', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('1 thing would be removed:');
    expect(out).toContain('/subscriptions/s/resourceGroups/hm-1');
    await run('cleanup', '--yes', '--scenario', 'a', '--force');
    expect(server.of('POST /api/v1/cleanup').map(({ body }) => body)).toEqual([
      { execution_id: 'run-1', scenario: null, dry_run: true },
      { execution_id: null, scenario: 'a', dry_run: false, force: true },
    ]);
  });

  it('by runs stop, and ids cannot leave their path', async () => {
    const { run, server } = await calling({});
    await run('runs', 'stop', '../status', '--reason', 'r');
    await run('runs', 'show', 'a?b#c');
    expect(server.seen.filter(({ path }) => path !== '/health').map(({ url, body }) => [url, body])).toEqual([
      ['/api/v1/runs/..%2Fstatus/stop', { reason: 'r' }],
      ['/api/v1/runs/a%3Fb%23c', undefined],
    ]);
  });
});

describe('runs report', () => {
  it('writes the page to a file', async () => {
    const { run, server } = await calling({
      'GET /api/v1/runs/r/report': () => ({ text: '<!doctype html>report' }),
    });
    const file = path.join(newHome(), 'report.html');
    expect(await run('runs', 'report', 'r', '--output', file)).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(file, 'utf8')).toBe('<!doctype html>report');
    expect(server.seen[0]?.query.get('format')).toBe('html');
    expect((await run('runs', 'report', 'r', '--output', '/no/such/place.html')).code).toBe(1);
  });
});

describe('completion bash', () => {
  const complete = (script: string, words: string[]) => {
    const test = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _haymaker; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', test], { encoding: 'utf8' }).trim().split('\n');
  };

  it('knows commands, options and what an option may be', async () => {
    const { out } = await haymaker(['completion', 'bash']);
    expect(complete(out, ['haymaker', 're'])).toEqual(['resources']);
    expect(complete(out, ['haymaker', 'runs', ''])).toEqual(
      expect.arrayContaining(['list', 'show', 'stop', 'report', '--format']),
    );
    expect(complete(out, ['haymaker', 'agents', 'list', '--status', ''])).toEqual([
      'running',
      'completed',
      'failed',
    ]);
    expect(complete(out, ['haymaker', 'resources', 'list', '--gr'])).toEqual(['--group-by']);
    expect(complete(out, ['haymaker', '--format', 'json', 'agents', 'l'])).toEqual(['list']);
  });

  it('is there for zsh and fish too', async () => {
    expect((await haymaker(['completion', 'zsh'])).out).toContain('#compdef haymaker');
    expect((await haymaker(['completion', 'fish'])).out).toContain(
      "-l group-by -x -a 'type scenario execution'",
    );
  });
});
