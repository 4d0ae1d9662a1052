import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzApi } from '../../local/fuzz/fuzz.ts';
import { request, until } from './support/http.ts';
import { leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

const FUZZ_MS = 20_000;
const RUN = 'api-run';

interface Failure {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: object;
    readonly trace_id: string;
  };
}
interface AgentPage {
  readonly agents: readonly { agent_id: string; status: string; run_id: string; scenario: string }[];
  readonly next_cursor: string | null;
}
interface LogPage {
  readonly logs: readonly { timestamp: string; message: string; level: string; event_id: string }[];
  readonly next_since: string | null;
  readonly next_cursor: string;
}
interface Cleanup {
  readonly cleanup_id: string;
  readonly status: string;
  readonly resources_found: number;
  readonly resources_deleted: number;
  readonly status_url: string;
  readonly resources: readonly { kind: string; id: string }[];
}

let at: Target;
const api = <T = Record<string, unknown>>(path: string, init?: Parameters<typeof request>[1]) =>
  request<T>(`${at.url}/api/v1/${path}`, init);

beforeAll(async () => {
  at = await target({ MAX_CONCURRENT_RUNS: '2', MAX_RUNS_PER_HOUR: '4' });
});
afterAll(() => at?.stop());

describe('while a run is at work', () => {
  beforeAll(async () => {
    const body = { scenarios: ['compute-01', 'networking-01', 'security-01'], duration: 'PT10M' };
    await startRun(at, { id: RUN, body });
    await until(
      () => statusOf(at, RUN),
      ({ customStatus }) => customStatus?.phase === 'monitoring',
      90_000,
    );
  });

  it('lists its agents, page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: AgentPage = (await api<AgentPage>(`agents?limit=1${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...page.agents.map(({ scenario }) => scenario));
      cursor = page.next_cursor;
    }
    expect(seen.sort()).toEqual(['compute-01', 'networking-01', 'security-01']);
    const of = async (query: string) => (await api<AgentPage>(`agents?${query}`)).body.agents.length;
    expect(await of(`run_id=${RUN}`)).toBe(3);
    expect(await of('run_id=no-such-run')).toBe(0);
  });

  it('refuses a cursor that was changed, or that belongs to other filters', async () => {
    const { next_cursor } = (await api<AgentPage>('agents?limit=1')).body;
    for (const query of [`cursor=${next_cursor}x`, 'cursor=AAAA', `status=running&cursor=${next_cursor}`]) {
      const answer = await api<Failure>(`agents?${query}`);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'INVALID_PARAMETER']);
    }
  });

  it('has its agents’ logs: the end, what came after a cursor, and from a time on', async () => {
    const agentId = await anAgent();
    const read = async (query: string) => (await api<LogPage>(`agents/${agentId}/logs?${query}`)).body;
    const first = await until(
      () => read('tail=1000'),
      ({ logs }) => logs.length >= 3,
      60_000,
    );
    const times = first.logs.map(({ timestamp }) => Date.parse(timestamp));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((await read('tail=2')).logs).toHaveLength(2);

    const next = await until(
      () => read(`cursor=${first.next_cursor}`),
      ({ logs }) => logs.length > 0,
      60_000,
    );
    const before = new Set(first.logs.map(({ event_id }) => event_id));
    expect(next.logs.filter(({ event_id }) => before.has(event_id))).toEqual([]);
    const since = first.next_since ?? '';
    expect(
      (await read(`since=${encodeURIComponent(since)}`)).logs.every(({ timestamp }) => timestamp >= since),
    ).toBe(true);
  });

  it('streams logs as events, and goes on where the last answer stopped', async () => {
    const url = `${at.url}/api/v1/agents/${await anAgent()}/logs?follow=true&tail=2`;
    const headers = { accept: 'text/event-stream' };
    const first = await events(url, headers);
    expect(first.ids.length).toBeGreaterThan(0);
    const lastId = first.ids.at(-1) ?? '';
    const second = await events(url, { ...headers, 'last-event-id': lastId });
    expect(second.ids.length).toBeGreaterThan(0);
    expect(second.data.some((line) => first.data.includes(line))).toBe(false);
    const wrong = await request<Failure>(url, { headers: { ...headers, 'last-event-id': 'x' } });
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'INVALID_PARAMETER']);
  });

  it('shows one agent, and says the present whole, as an event, too', async () => {
    const agentId = await anAgent();
    expect((await api(`agents/${agentId}`)).body).toMatchObject({ agent_id: agentId, run_id: RUN });
    expect((await api<Failure>('agents/hm-none')).body.error.code).toBe('AGENT_NOT_FOUND');
    const live = await api('live');
    expect(live.body).toMatchObject({ status: { current_run_id: RUN }, run: { run_id: RUN, live: true } });
    const headers = { accept: 'text/event-stream' };
    const first = await events(`${at.url}/api/v1/live`, headers);
    expect(first.ids).toHaveLength(1);
  });

  it('knows what was made, and finds it by scenario, status and type', async () => {
    const of = async (query: string) =>
      (await api<{ resources: { type: string; scenario: string; status: string }[] }>(`resources?${query}`))
        .body.resources;
    const groups = await of(`execution_id=${RUN}&type=microsoft.resources/resourcegroups`);
    expect(groups).toHaveLength(3);
    const scenario = await of(`execution_id=${RUN}&scenario=compute-01-linux-vm-web-server&status=created`);
    expect(scenario.length).toBeGreaterThan(3);
    expect(new Set(scenario.map((resource) => resource.scenario))).toEqual(new Set(['compute-01']));
  });

  it('shows the run whole, and as an execution', async () => {
    const run = await api(`runs/${RUN}`);
    expect(run.body).toMatchObject({ run_id: RUN, status: 'running', live: true, phase: 'monitoring' });
    expect(run.body.agents).toHaveLength(3);
    expect((await api(`executions/${RUN}`)).body).toMatchObject({
      status: 'running',
      scenario_name: 'compute-01',
      progress: { total: 3 },
      report_url: null,
    });
    expect((await api<Failure>(`runs/${RUN}/report`)).body.error.code).toBe('REPORT_NOT_FOUND');
  });

  it('does not clean up under its feet, but says what it would', async () => {
    const refused = await api<Failure>('cleanup', {
      body: { execution_id: RUN, scenario: null, dry_run: false },
    });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'RUN_IS_LIVE']);
    const asked = await api<Cleanup>('cleanup', { body: { execution_id: RUN, dry_run: true, force: true } });
    expect(asked.status).toBe(202);
    const dry = await until(
      () => api<Cleanup>(`cleanup/${asked.body.cleanup_id}`),
      ({ body }) => body.status !== 'running' && body.status !== 'queued',
      60_000,
    );
    expect(dry.body).toMatchObject({ status: 'completed', resources_deleted: 0, errors: [] });
    expect(dry.body.resources.map(({ kind }) => kind)).toContain('resource-group');
    expect(await leftInCloud(at, RUN)).not.toEqual([]);
  });

  it('stops on request; a clean-up that is forced is the run’s own', async () => {
    const stopped = await api(`runs/${RUN}/stop`, { body: { reason: 'enough' } });
    expect([stopped.status, stopped.body.status]).toEqual([202, 'stopping']);
    const forced = await api<Cleanup>('cleanup', { body: { execution_id: RUN, force: true } });
    expect(forced.status).toBe(202);
    expect(await outcomeOf(at, RUN)).toMatchObject({
      status: 'stopped',
      cleanupStatus: 'verified',
      leftovers: 0,
    });
    const done = await until(
      () => api<Cleanup>(`cleanup/${forced.body.cleanup_id}`),
      ({ body }) => body.status === 'completed',
      60_000,
    );
    expect(done.body.resources_deleted).toBeGreaterThan(0);
  });
});

describe('when it has ended', () => {
  it('is in the list of runs, chosen by status and time', async () => {
    const of = async (query: string) =>
      (await api<{ runs: { run_id: string }[] }>(`runs?${query}`)).body.runs.map(({ run_id }) => run_id);
    expect(await of('status=stopped')).toContain(RUN);
    expect(await of('status=failed')).not.toContain(RUN);
    expect(await of('from=2026-01-01')).toContain(RUN);
    expect(await of('to=2026-01-01')).toEqual([]);
  });

  it('has a report, and everything of it is deleted', async () => {
    const json = await api(`runs/${RUN}/report`);
    expect(json.body).toMatchObject({ runId: RUN, status: 'stopped' });
    const html = await request<string>(`${at.url}/api/v1/runs/${RUN}/report?format=html`);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(html.body).toContain(RUN);
    const { resources } = (
      await api<{ resources: { status: string }[] }>(`resources?execution_id=${RUN}&limit=500`)
    ).body;
    expect(resources.length).toBeGreaterThan(10);
    expect(resources.filter(({ status }) => status !== 'deleted')).toEqual([]);
  });

  it('counts in the metrics', async () => {
    const { body } = await api<{ scenarios: { scenario_name: string }[] }>('metrics?period=1d');
    expect(body).toMatchObject({
      total_executions: 1,
      cleanup_success_rate: 1,
      leaked_resources: 0,
      active_agents: 0,
    });
    expect(body.scenarios.map(({ scenario_name }) => scenario_name)).toContain('compute-01');
  });

  it('cannot be stopped again, and a follower of its logs is told that nothing more will come', async () => {
    const again = await api<Failure>(`runs/${RUN}/stop`, { method: 'POST' });
    expect([again.status, again.body.error.code]).toEqual([409, 'RUN_HAS_ENDED']);
    const path = `agents/${await anAgent()}/logs`;
    const { next_cursor } = (await api<LogPage>(path)).body;
    const follow = await request(`${at.url}/api/v1/${path}?follow=true&cursor=${next_cursor}`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(follow.status).toBe(204);
  });
});

describe('a run that was terminated', () => {
  it('is cleaned up on request, and its books are closed', async () => {
    const id = await startRun(at, { id: 'dead-run', body: { scenarios: ['compute-01'], duration: 'PT10M' } });
    await until(
      () => statusOf(at, id),
      ({ customStatus }) => customStatus?.phase === 'monitoring',
      90_000,
    );
    await request(`${at.url}/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`, {
      method: 'POST',
    });
    await until(
      () => statusOf(at, id),
      ({ runtimeStatus }) => runtimeStatus === 'Terminated',
      30_000,
    );
    expect((await api(`executions/${id}`)).body).toMatchObject({
      status: 'failed',
      error: expect.any(String),
    });
    expect((await api('status')).body).toMatchObject({ status: 'idle', health: 'degraded' });

    const asked = await api<Cleanup>('cleanup', {
      body: { execution_id: null, scenario: 'compute-01', dry_run: false },
    });
    expect(asked.status).toBe(202);
    expect(asked.body.resources_found).toBeGreaterThan(0);
    const done = await until(
      () => request<Cleanup>(`${at.url}${asked.body.status_url}`),
      ({ body }) => body.status === 'completed',
      120_000,
    );
    expect(done.body.resources_deleted).toBeGreaterThan(0);
    expect(await leftInCloud(at, id)).toEqual([]);
    expect((await api(`runs/${id}`)).body).toMatchObject({
      status: 'failed',
      cleanup_status: 'verified',
      live: false,
    });
    expect((await api('status')).body).toMatchObject({ status: 'idle', health: 'healthy' });
  });
});

describe('limits of runs on demand', () => {
  it('hold for callers that come at once: as many as may are let in, the others hear when to come back', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        api('execute', { body: { scenarios: ['compute-01'], seed: `s${n}` } }),
      ),
    );
    const started = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 429);
    expect([started.length, refused.length]).toEqual([2, 6]);
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await Promise.all(
      started.map(({ body }) =>
        api(`runs/${body.execution_id}/stop`, { body: { reason: 'the test is over' } }),
      ),
    );
  });

  it('do not count the same request twice, with a key or without', async () => {
    const twice = (headers: Record<string, string>) =>
      Promise.all(
        [1, 2].map(() => api('execute', { body: { scenario_name: 'compute-99', parameters: {} }, headers })),
      );
    for (const { status } of await twice({ 'idempotency-key': 'k' })) expect(status).toBe(404);
  });
});

describe('a limit that cannot be checked', () => {
  it('refuses, and nothing is started', async () => {
    if (!at.controlUrl) return;
    const fault = {
      match: 'sthaymaker.table.core.windows.net/Limits',
      kind: 'status',
      status: 503,
      code: 'ServerBusy',
    };
    expect((await request(`${at.controlUrl}/control/faults`, { body: fault })).status).toBe(201);
    const runs = async () => (await api<{ runs: unknown[] }>('runs')).body.runs.length;
    const before = await runs();
    try {
      const answer = await api<Failure>('execute', { body: { scenarios: ['compute-01'], seed: 'blind' } });
      expect([answer.status, answer.body.error.code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
      expect(answer.headers.get('retry-after')).not.toBeNull();
    } finally {
      await request(`${at.controlUrl}/control/faults`, { method: 'DELETE' });
    }
    expect(await runs()).toBe(before);
  });
});

describe('what a caller may send', () => {
  const post = (path: string, text: string, headers: Record<string, string> = {}) =>
    api<Failure>(path, { text, headers });

  it.each([
    ['no JSON', '{', {}, 400, 'INVALID_JSON'],
    ['deep JSON', `${'['.repeat(90_000)}${']'.repeat(90_000)}`, {}, 400, 'INVALID_JSON'],
    ['a large body', `{"seed":"${'x'.repeat(300_000)}"}`, {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['another type', '<a/>', { 'content-type': 'text/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'another charset',
      '{}',
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an encoding', '{}', { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a list', '[]', {}, 400, 'INVALID_REQUEST'],
    ['a control character', '{"scenarios":["a\\u0000"]}', {}, 400, 'INVALID_REQUEST'],
    ['a huge number', '{"scenarios":["compute-01"],"duration_hours":1e308}', {}, 400, 'INVALID_REQUEST'],
  ])('%s is refused with what is wrong', async (_what, text, headers, status, code) => {
    const answer = await post('execute', text, headers);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.details).toBeTypeOf('object');
    expect(answer.headers.get('x-trace-id')).toBe(answer.body.error.trace_id);
  });

  it.each([
    ['agents?limit=0', 400, 'INVALID_PARAMETER'],
    ['agents?limit=501', 400, 'INVALID_PARAMETER'],
    ['agents?status=unknown', 400, 'INVALID_PARAMETER'],
    ['metrics?period=1w', 400, 'INVALID_PARAMETER'],
    ['runs?from=yesterday', 400, 'INVALID_PARAMETER'],
    ['agents/no-such-agent/logs', 404, 'AGENT_NOT_FOUND'],
    ['agents/..%2f..%2fruns/logs', 404, 'AGENT_NOT_FOUND'],
    ['executions/nothing', 404, 'EXECUTION_NOT_FOUND'],
    ['executions/%00', 404, 'EXECUTION_NOT_FOUND'],
    ['runs/nothing', 404, 'RUN_NOT_FOUND'],
    ['cleanup/nothing', 404, 'CLEANUP_NOT_FOUND'],
    ['scenarios/compute-1', 404, 'SCENARIO_NOT_FOUND'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await api<Failure>(path);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('to no route at all is turned away, and the host lives on', async () => {
    for (const path of ['//', '//evil.example/x', '/api/v1/%', '/api/v1/../../etc/passwd', '*']) {
      expect(await rawStatus(at.url, path)).toBeLessThan(500);
    }
    expect((await api('status')).status).toBe(200);
  });

  it('closes the connection of the old command, which cannot use one twice', async () => {
    const answer = await api('status', { headers: { 'user-agent': 'haymaker-cli/0.1.0' } });
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('generated from openapi.json, breaks nothing, and every answer is as documented', async () => {
    const known = [RUN, await anAgent(), 'compute-01', 'base_orchestrator', 'nothing'];
    const result = await fuzzApi({ url: at.url, seed: 2_026, requests: 100_000, maxMs: FUZZ_MS, known });
    expect(result.examples).toEqual([]);
    expect(result).toMatchObject({ serverErrors: 0, schemaBreaks: 0, routes: 23 });
    expect(result.requests).toBeGreaterThan(200);
  });
});

describe('the page', () => {
  it('is a static shell with a strict policy, for everybody, and is not sent twice', async () => {
    const home = await fetch(at.url, { redirect: 'manual' });
    expect([home.status, home.headers.get('location')]).toEqual([302, '/dashboard']);
    const shell = await fetch(`${at.url}/dashboard`);
    expect(shell.status).toBe(200);
    const policy = shell.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const html = await shell.text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/i);
    const etag = shell.headers.get('etag') ?? '';
    const again = await fetch(`${at.url}/dashboard`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('loads files that are compressed, never change, and are no others', async () => {
    const html = await (await fetch(`${at.url}/dashboard`)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/dashboard\/assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThanOrEqual(2);
    for (const file of files) {
      for (const encoding of ['br', 'gzip', 'identity']) {
        const answer = await fetch(`${at.url}${file}`, { headers: { 'accept-encoding': encoding } });
        expect([answer.status, answer.headers.get('content-encoding') ?? 'identity']).toEqual([
          200,
          encoding,
        ]);
        expect(answer.headers.get('cache-control')).toContain('immutable');
        expect((await answer.text()).length).toBeGreaterThan(1_000);
      }
    }
    for (const name of ['manifest.json', '..%2f..%2fhost.json', 'constructor', 'x.js']) {
      expect(await rawStatus(at.url, `/dashboard/assets/${name}`)).toBe(404);
    }
  });
});

/** The status of a path sent as it is: fetch would put it in order first. */
function rawStatus(url: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject).end();
  });
}

async function anAgent(): Promise<string> {
  const { agents } = (await api<AgentPage>(`agents?run_id=${RUN}`)).body;
  return agents[0]?.agent_id ?? '';
}

/** One answer of server-sent events: their ids and data. */
async function events(
  url: string,
  headers: Record<string, string>,
): Promise<{ ids: string[]; data: string[] }> {
  const answer = await until(
    () => request<string>(url, { headers }),
    ({ status, body }) => status === 200 && body.includes('data: '),
    60_000,
  );
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const lines = answer.body.split('\n');
  const of = (field: string) =>
    lines.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length));
  return { ids: of('id: '), data: of('data: ') };
}
