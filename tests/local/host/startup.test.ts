import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { FixtureApp, HostProcess } from './harness.ts';
import { buildFixture, handWritten, runHost, startFixture } from './harness.ts';

let app: FixtureApp;
let host: HostProcess | undefined;

afterEach(async () => {
  await host?.stop();
  host = undefined;
  app?.remove();
});

test('prints the table of functions and where it listens', async () => {
  app = await buildFixture();
  host = await startFixture(app);
  expect(host.stdout()).toMatch(/ {2}item +httpTrigger +GET \/items\/\{n:int\}\n/);
  expect(host.stdout()).toMatch(/ {2}tick +timerTrigger +0 0 0 1 1 \*\n/);
  expect(host.stdout()).toContain(`Host ready on ${host.url} (`);
  expect(host.stderr()).toBe('');
});

test('an error while loading ends the host with the file and the reason', async () => {
  app = await buildFixture();
  const { code, stderr } = await runHost(app, { FIXTURE_THROW: '1' });
  expect(code).toBe(1);
  expect(stderr).toContain(join(app.dir, 'dist/index.js'));
  expect(stderr).toContain('import went wrong');
  expect(stderr).toContain('0 functions found');
});

test('an app without functions is refused', async () => {
  app = handWritten('dist/index.js', '');
  const { code, stderr } = await runHost(app);
  expect(code).toBe(1);
  expect(stderr).toContain('registered no function');
});

test('a main that does not exist is refused', async () => {
  app = handWritten('dist/other.js', '');
  const { code, stderr } = await runHost(app);
  expect(code).toBe(1);
  expect(stderr).toContain('dist/other.js does not exist');
});

test('a roster that says otherwise is refused, both ways', async () => {
  app = await buildFixture();
  writeFileSync(join(app.dir, 'dist/functions.json'), JSON.stringify(['echo', 'missing_one']));
  const { code, stderr } = await runHost(app);
  expect(code).toBe(1);
  expect(stderr).toContain('on the roster but not registered: missing_one');
  expect(stderr).toMatch(/registered but not on the roster: .*\badd\b/);
});

test('a setting that a schedule needs is named', async () => {
  app = await buildFixture();
  const { code, stderr } = await runHost(app, { TICK_SCHEDULE: '' });
  expect(code).toBe(1);
  expect(stderr).toContain('tick, schedule: the setting TICK_SCHEDULE is not set');
});

test('local.settings.json fills in what the environment lacks', async () => {
  app = await buildFixture();
  writeFileSync(join(app.dir, 'local.settings.json'), JSON.stringify({ Values: { FIXTURE_THROW: '1' } }));
  const { stderr } = await runHost(app);
  expect(stderr).toContain('import went wrong');
});

test('a port in use is one line and exit code 2', async () => {
  app = await buildFixture();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => other.once('listening', listening));
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await runHost(app, {}, ['--port', String(port)]);
  other.close();
  expect(code).toBe(2);
  expect(stderr).toBe(`Port ${port} is in use. Stop what listens there, or choose another with --port.\n`);
});
