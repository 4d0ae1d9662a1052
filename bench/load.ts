import { setTimeout as pause } from 'node:timers/promises';
import { demoSettings, HARDLY_EVER } from '../local/stack/demo.ts';
import { startRun } from '../local/stack/durable.ts';
import { withStack } from '../local/stack/withStack.ts';
import type { Bench } from './bench.ts';
import { measureReaders } from './readers.ts';

const READERS = 50;
const SECONDS = 30;
const QUICK_SECONDS = 5;
const RUN_ID = 'bench-run';
const MONITORING_MS = 120_000;

/** 50 readers at once while a run is at work: no answer but 200. */
export const load: Bench = {
  name: 'load',
  about: `${READERS} readers of status, agents and logs at once while a run is at work`,
  run: ({ say, quick }) => {
    const settings = {
      ...demoSettings('PT10M'),
      HAYMAKER_SCHEDULE: HARDLY_EVER,
      JANITOR_SCHEDULE: HARDLY_EVER,
    };
    say('starting a stack');
    return withStack({ settings, seed: 'bench' }, async ({ url }) => {
      say('waiting until a run is at work');
      await startRun(url, RUN_ID, { trigger: 'manual', seed: 'bench', size: 'small' });
      await untilMonitoring(url);
      const seconds = quick ? QUICK_SECONDS : SECONDS;
      say(`reading for ${seconds} s`);
      const measured = await measureReaders(url, { readers: READERS, seconds });
      const errors = measured.reduce((sum, each) => sum + each.errors, 0);
      return {
        rows: [
          { what: 'answers other than 200', value: errors, unit: '', goal: { atMost: 0 } },
          ...measured.flatMap(({ route, p50Ms, p99Ms }) => [
            { what: `${route}: p50`, value: p50Ms, unit: 'ms' },
            { what: `${route}: p99`, value: p99Ms, unit: 'ms' },
          ]),
        ],
        details: { readers: READERS, seconds, routes: measured },
      };
    });
  },
};

async function untilMonitoring(url: string): Promise<void> {
  const deadline = Date.now() + MONITORING_MS;
  for (;;) {
    const status: unknown = await (await fetch(`${url}/api/v1/status`)).json();
    if (JSON.stringify(status).includes('"phase":"monitoring"')) return;
    if (Date.now() > deadline) throw new Error(`the run is not at work: ${JSON.stringify(status)}`);
    await pause(500);
  }
}
