import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FixtureApp, HostProcess } from './harness.ts';
import { buildFixture, durable, startFixture, until } from './harness.ts';

let app: FixtureApp;
let host: HostProcess;
let api: ReturnType<typeof durable>;

beforeAll(async () => {
  app = await buildFixture();
  host = await startFixture(app);
  api = durable(host.url);
});

afterAll(async () => {
  await host?.stop();
  app?.remove();
});

async function run(name: string, id: string, input: unknown = {}) {
  const started = await api.start(name, id, input);
  expect(started.status).toBe(202);
  return api.ended(id);
}

describe('orchestrations', () => {
  test('values keep their type on the way to an activity, except booleans', async () => {
    const { output } = await run('types', 'types-1');
    expect(output).toEqual([
      { type: 'number', value: 5 },
      { type: 'string', value: 'text' },
      { type: 'string', value: '7' },
      { type: 'string', value: 'True' },
      { type: 'undefined', value: null },
      { type: 'object', value: { a: 1 } },
    ]);
  });

  test('an activity that fails twice is retried', async () => {
    expect((await run('retrying', 'r1', { key: 'r1', failures: 2, max: 5 })).output).toEqual([
      'ok after 3',
      3,
    ]);
  });

  test('an activity that fails for good is caught, and the next step gets its own answer', async () => {
    expect((await run('retrying', 'r2', { key: 'r2', failures: 9, max: 2 })).output).toEqual([
      'caught',
      true,
      4,
    ]);
  });

  test('fan-out and fan-in', async () => {
    expect((await run('fan', 'f1', { width: 20, fail: false })).output).toBe(210);
  });

  test('one failure in a fan-out is caught after all have ended', async () => {
    expect((await run('fan', 'f2', { width: 20, fail: true })).output).toBe(42);
  });

  test('five retrying activities at once keep their ids apart', async () => {
    expect((await run('fanRetry', 'fr1')).output).toEqual([
      'ok after 1',
      'ok after 2',
      'ok after 3',
      'ok after 1',
      'ok after 2',
      2,
    ]);
  });

  test('a timer wins the race when no event comes', async () => {
    expect((await run('race', 'race-1', { ms: 60 })).output).toBe('timer');
  });

  test('an event wins the race, and the cancelled timer does not keep the instance running', async () => {
    await api.start('race', 'race-2', { ms: 60_000 });
    expect((await api.post('race-2/raiseEvent/Go', { go: true })).status).toBe(202);
    expect((await api.ended('race-2')).output).toEqual(['event', { go: true }]);
  });

  test('completion waits for a timer that was not cancelled', async () => {
    await api.start('openTimer', 'open-1');
    const { historyEvents } = await until(
      () => api.status('open-1', '?showHistory=true&showHistoryOutput=true'),
      (seen) => seen.runtimeStatus === 'Completed',
    );
    const types = historyEvents?.map((event) => event.EventType);
    expect(types).toEqual(['ExecutionStarted', 'TaskCompleted', 'TimerFired', 'ExecutionCompleted']);
  });

  test('sub-orchestrations, with and without an id of their own', async () => {
    expect((await run('parent', 'p1', { n: 1 })).output).toEqual([101, 102]);
    expect((await api.status('p1-child')).customStatus).toEqual({ n: 1 });
  });

  test('a failing child fails its parent with the sentence of the extension', async () => {
    expect((await run('parent', 'p2', { n: -1 })).output).toContain(
      "Orchestrator function 'child' failed: negative",
    );
  });

  test('a child whose id belongs to a running instance fails, it does not hang', async () => {
    await api.start('gather', 'p3-child');
    expect((await run('parent', 'p3', { n: 1 })).output).toContain('exists already');
  });

  test('continueAsNew starts over with new input', async () => {
    const { output, input, customStatus } = await run('generations', 'g1', { generation: 1, last: 3 });
    expect([output, input, customStatus]).toEqual([3, { generation: 3, last: 3 }, { generation: 3 }]);
  });

  test('events that come before anybody waits are kept in order', async () => {
    await api.start('gather', 'ga1');
    for (const n of [1, 2, 3]) await api.post('ga1/raiseEvent/item', n);
    expect((await api.ended('ga1')).output).toEqual([1, 2, 3]);
  });

  test('the version of host.json and the instance id arrive', async () => {
    expect((await run('meta', 'm1')).output).toEqual({ id: 'm1', version: '1.4', replayTime: true });
  });

  test('a failed orchestrator says why', async () => {
    const ended = await run('boom', 'b1');
    expect([ended.runtimeStatus, ended.output]).toEqual([
      'Failed',
      "Orchestrator function 'boom' failed: kaputt",
    ]);
  });
});

describe('orchestrations at fault', () => {
  test.each([
    ['unknownActivity', "function 'nope' doesn't exist"],
    ['nondeterministic', 'Non-deterministic orchestration: step 0 was'],
    ['entity', 'does not support callEntity'],
  ])('%s fails with a reason', async (name, reason) => {
    const ended = await run(name, `fault-${name}`);
    expect(ended.runtimeStatus).toBe('Failed');
    expect(ended.output).toContain(reason);
  });

  test('a timer in two races shifts the ids, and the instance is found to be stuck', async () => {
    await api.start('sameTimerTwice', 'twice-1');
    for (const name of ['first', 'second']) await api.post(`twice-1/raiseEvent/${name}`, {});
    expect((await api.ended('twice-1')).output).toContain('Stuck orchestration');
  });

  test('an event name in another case is named as what is waited for', async () => {
    await api.start('wrongCase', 'case-1');
    await until(
      () => api.status('case-1'),
      (seen) => seen.runtimeStatus === 'Running',
    );
    await api.post('case-1/raiseEvent/ready', 1);
    expect((await api.ended('case-1')).output).toContain('Stuck orchestration');
    expect(host.stderr()).toContain("'case-1'");
  });
});

describe('management', () => {
  test('suspend holds events back, resume lets them through', async () => {
    await api.start('gather', 's1');
    await until(
      () => api.status('s1'),
      (seen) => seen.runtimeStatus === 'Running',
    );
    expect((await api.post('s1/suspend?reason=pause')).status).toBe(202);
    for (const n of [1, 2, 3]) await api.post('s1/raiseEvent/item', n);
    expect((await api.status('s1')).runtimeStatus).toBe('Suspended');
    expect((await api.post('s1/resume?reason=on')).status).toBe(202);
    expect((await api.ended('s1')).output).toEqual([1, 2, 3]);
  });

  test('terminate ends at once; afterwards everything answers 410', async () => {
    await api.start('gather', 't1');
    expect((await api.post('t1/terminate?reason=enough')).status).toBe(202);
    expect(await api.status('t1')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
    for (const operation of ['terminate', 'suspend', 'resume', 'rewind', 'raiseEvent/x']) {
      expect((await api.post(`t1/${operation}`, {})).status).toBe(410);
    }
  });

  test('rewind repeats what failed, down into the child', async () => {
    expect((await run('parentOfFailsOnce', 'rw1')).runtimeStatus).toBe('Failed');
    expect((await api.post('rw1/rewind?reason=again')).status).toBe(202);
    expect(await api.ended('rw1')).toMatchObject({ runtimeStatus: 'Completed', output: 'worked' });
  });

  test('unknown instances answer 404, unknown orchestrators and bad ids 400', async () => {
    expect((await fetch(`${api.base}/instances/nobody`)).status).toBe(404);
    expect((await api.post('nobody/raiseEvent/x', {})).status).toBe(404);
    expect((await api.start('nobody', 'x')).status).toBe(400);
    expect((await api.start('gather', '@entity')).status).toBe(400);
    expect((await fetch(`${api.base}/orchestrators/gather`, { method: 'POST', body: '{' })).status).toBe(400);
  });

  test('a running id cannot be started again', async () => {
    await api.start('gather', 'dup');
    expect((await api.start('gather', 'dup')).status).toBe(500);
  });

  test('events need JSON and its content type', async () => {
    await api.start('gather', 'ev');
    expect((await api.post('ev/raiseEvent/item')).status).toBe(400);
    const text = await fetch(`${api.base}/instances/ev/raiseEvent/item`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'application/json' },
    });
    expect(await text.json()).toMatchObject({ Message: 'Invalid JSON content' });
  });

  test('start with and without a body, and waiting for the end', async () => {
    const started = await fetch(`${api.base}/orchestrators/types`, { method: 'POST' });
    const urls = (await started.json()) as Record<string, string>;
    expect(started.headers.get('location')).toBe(urls.statusQueryGetUri);
    expect(Object.keys(urls)).not.toContain('rewindPostUri');
    expect((await api.ended(urls.id ?? '')).runtimeStatus).toBe('Completed');
    const waited = await fetch(`${api.base}/orchestrators/child?timeout=5&pollingInterval=1`, {
      method: 'POST',
      body: '{"n":1}',
    });
    expect([waited.status, await waited.json()]).toEqual([200, 101]);
  });

  test('lists by filter, page by page, and purges', async () => {
    for (const n of [1, 2, 3]) await run('child', `page-${n}`, { n });
    const seen: unknown[] = [];
    let token = '';
    do {
      const page = await fetch(`${api.base}/instances?instanceIdPrefix=page-&runtimeStatus=Completed&top=2`, {
        headers: { 'x-ms-continuation-token': token },
      });
      for (const each of (await page.json()) as { instanceId: string }[]) seen.push(each.instanceId);
      token = page.headers.get('x-ms-continuation-token') ?? '';
    } while (token !== '');
    expect(seen).toEqual(['page-1', 'page-2', 'page-3']);
    const one = await fetch(`${api.base}/instances/page-1`, { method: 'DELETE' });
    expect(await one.json()).toEqual({ instancesDeleted: 1 });
    expect((await fetch(`${api.base}/instances/?runtimeStatus=Completed`, { method: 'DELETE' })).status).toBe(
      400,
    );
    const many = await fetch(
      `${api.base}/instances?createdTimeFrom=2020-01-01T00:00:00Z&instanceIdPrefix=page-`,
      {
        method: 'DELETE',
      },
    );
    expect(await many.json()).toEqual({ instancesDeleted: 2 });
  });

  test('the durable client of the app works against this host', async () => {
    const answer = await fetch(`${host.url}/client-round`, { method: 'POST' });
    expect(await answer.json()).toEqual({
      output: [{ n: 1 }, { n: 2 }, { n: 3 }],
      status: 'Completed',
      all: true,
      purged: 1,
    });
    const started = await fetch(`${host.url}/start/child/by-client`, { method: 'POST', body: '{"n":5}' });
    expect(((await started.json()) as Record<string, string>).statusQueryGetUri).toContain(host.url);
    expect((await api.ended('by-client')).output).toBe(105);
  });
});
