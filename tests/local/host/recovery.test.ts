import { afterEach, expect, test } from 'vitest';
import type { FixtureApp, HostProcess } from './harness.ts';
import { buildFixture, durable, journalLines, startFixture, until } from './harness.ts';

let app: FixtureApp;
let host: HostProcess | undefined;

afterEach(async () => {
  await host?.stop();
  app?.remove();
});

const count = (tag: string): number => journalLines(app).filter((line) => line === `slow ${tag}`).length;

test('an orchestration survives a kill at every stage', async () => {
  app = await buildFixture();
  host = await startFixture(app);
  await durable(host.url).start('durableWork', 'w1');

  // In the middle of the second activity: it runs again, the first one does not.
  await until(
    () => count('second'),
    (n) => n === 1,
  );
  await host.kill();
  host = await startFixture(app);
  await until(
    () => count('second'),
    (n) => n === 2,
  );
  expect(count('first')).toBe(1);

  // While the child works: it goes on, and there is only one.
  await until(
    () => count('child'),
    (n) => n === 1,
  );
  await host.kill();
  host = await startFixture(app);
  await until(
    () => count('child'),
    (n) => n === 2,
  );
  await until(
    () => durable(host?.url ?? '').status('w1', '?showHistory=true'),
    (seen) => (seen.historyEvents ?? []).some((event) => event.EventType === 'TimerCreated'),
  );

  // While it sleeps: the timer is armed again.
  await host.kill();
  host = await startFixture(app);
  const waiting = await until(
    () => durable(host?.url ?? '').status('w1', '?showHistory=true'),
    (seen) => (seen.historyEvents ?? []).some((event) => event.EventType === 'TimerFired'),
  );
  const answers = (waiting.historyEvents ?? []).filter(
    (event) => event.EventType === 'SubOrchestrationInstanceCompleted',
  );
  expect(answers).toHaveLength(1);

  // An event that was accepted is not lost, even when the kill follows at once.
  expect((await durable(host.url).post('w1/raiseEvent/finish', { done: true })).status).toBe(202);
  await host.kill();
  host = await startFixture(app);
  expect(await durable(host.url).ended('w1')).toMatchObject({
    runtimeStatus: 'Completed',
    output: ['first', 'second', 'child', { done: true }],
  });
  expect(host.stderr()).toBe('');
});

test('what was suspended stays suspended with all that came meanwhile', async () => {
  app = await buildFixture();
  host = await startFixture(app);
  await durable(host.url).start('gather', 's1');
  await durable(host.url).post('s1/suspend');
  for (const n of [1, 2, 3]) await durable(host.url).post('s1/raiseEvent/item', n);
  await host.kill();
  host = await startFixture(app);
  expect((await durable(host.url).status('s1')).runtimeStatus).toBe('Suspended');
  await durable(host.url).post('s1/resume');
  expect((await durable(host.url).ended('s1')).output).toEqual([1, 2, 3]);
});

test('SIGTERM ends with 0 while activities run, and a stopped host takes up its work', async () => {
  app = await buildFixture();
  host = await startFixture(app);
  await durable(host.url).start('slowChild', 'c1', { ms: 400 });
  await until(
    () => count('child'),
    (n) => n === 1,
  );
  const began = Date.now();
  expect(await host.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(5_000);
  host = await startFixture(app);
  expect((await durable(host.url).ended('c1')).output).toBe('child');
});
