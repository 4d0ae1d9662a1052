import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FixtureApp, HostProcess } from './harness.ts';
import { buildFixture, journalLines, startFixture, until } from './harness.ts';

describe('HTTP', () => {
  let app: FixtureApp;
  let host: HostProcess;

  beforeAll(async () => {
    app = await buildFixture();
    host = await startFixture(app);
  });
  afterAll(async () => {
    await host?.stop();
    app?.remove();
  });

  const get = (path: string): Promise<Response> => fetch(`${host.url}${path}`);

  test('literals win over parameters, constraints decide', async () => {
    expect(await (await get('/items/all')).text()).toBe('literal');
    expect(await (await get('/items/7?q=a&q=b')).json()).toEqual({
      route: 'int',
      params: { n: '7' },
      q: 'a,b',
    });
    expect((await get('/items/seven')).status).toBe(404);
    expect((await fetch(`${host.url}/items/7`, { method: 'PUT' })).status).toBe(404);
  });

  test('the rest of a path is one parameter, and cookies are set', async () => {
    const answer = await get('/files/a/b%20c');
    expect(await answer.json()).toEqual({ path: 'a/b c' });
    expect(answer.headers.get('set-cookie')).toBe('seen=yes; HttpOnly');
  });

  test('bytes come and go unchanged', async () => {
    const answer = await fetch(`${host.url}/bytes`, {
      method: 'POST',
      body: new Uint8Array([0, 255, 128, 10]),
    });
    expect(answer.status).toBe(201);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([10, 128, 255, 0]);
  });

  test('nothing is 204, a throw is an empty 500 and a line of log', async () => {
    expect((await get('/nothing')).status).toBe(204);
    const thrown = await get('/throws');
    expect([thrown.status, await thrown.text()]).toEqual([500, '']);
    expect(host.stderr()).toContain('throws: secret detail');
  });

  test('a foreign Host header is refused', async () => {
    const status = await new Promise((resolve) => {
      request(`${host.url}/items/all`, { headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.statusCode),
      ).end();
    });
    expect(status).toBe(400);
  });

  test('the admin API lists functions and fires a timer', async () => {
    expect(await (await get('/admin/host/status')).json()).toMatchObject({ state: 'Running' });
    const list = (await (await get('/admin/functions')).json()) as { name: string }[];
    expect(list.map((each) => each.name)).toContain('tick');
    expect((await fetch(`${host.url}/admin/functions/tick`, { method: 'POST' })).status).toBe(202);
    expect(journalLines(app)).toContain('tick pastDue=false');
    expect(host.stdout()).toContain('warning tick: tick says hello');
  });
});

test('with streams switched on, a body arrives in pieces, and route parameters still do', async () => {
  const app = await buildFixture();
  const host = await startFixture(app, { FIXTURE_STREAM: '1' });
  try {
    const answer = await fetch(`${host.url}/drip`);
    const reader = answer.body?.getReader();
    const began = Date.now();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe('data: one\n\n');
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe('data: two\n\n');
    expect(Date.now() - began).toBeGreaterThan(500);
    expect(await (await fetch(`${host.url}/items/7?q=x`)).json()).toMatchObject({
      params: { n: '7' },
      q: 'x',
    });
    const bytes = await fetch(`${host.url}/bytes`, { method: 'POST', body: new Uint8Array([1, 2, 3]) });
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([3, 2, 1]);
  } finally {
    await host.stop();
    app.remove();
  }
});

describe('timers', () => {
  test('a schedule with seconds fires', async () => {
    const app = await buildFixture();
    const host = await startFixture(app, { TICK_SCHEDULE: '* * * * * *' }, []);
    try {
      await until(
        () => journalLines(app).length,
        (n) => n >= 2,
      );
      expect(journalLines(app)[0]).toBe('tick pastDue=false');
    } finally {
      await host.stop();
      app.remove();
    }
  });

  test('an occurrence that was missed is made up for, once', async () => {
    const app = await buildFixture();
    let host = await startFixture(app, {}, []);
    await host.stop();
    const file = join(app.dir, 'state/timers.json');
    const monitors = JSON.parse(readFileSync(file, 'utf8'));
    monitors.tick.next = '2020-01-01T00:00:00.000Z';
    writeFileSync(file, JSON.stringify(monitors));
    host = await startFixture(app, {}, []);
    try {
      await until(
        () => journalLines(app),
        (lines) => lines.length > 0,
      );
      expect(journalLines(app)).toEqual(['tick pastDue=true']);
    } finally {
      await host.stop();
      app.remove();
    }
  });
});
