import { setTimeout as pause } from 'node:timers/promises';
import { type Measured, measureReaders } from '../bench/readers.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { demoSettings, HARDLY_EVER } from './stack/demo.ts';
import { startRun } from './stack/durable.ts';
import { parseFlags } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';
import { withStack } from './stack/withStack.ts';

const FLAGS = { json: { type: 'boolean', about: 'end with one JSON line' } } as const;
const READERS = 50;
const SECONDS = 30;
const RUN_ID = 'bench-run';
const MONITORING_MS = 120_000;

/** `npm run bench`: 50 readers at once while a run is at work. Ends with 0 when there was no error. */
await runCommand(async () => {
  const flags = parseFlags('npm run bench', FLAGS);
  await bundleApp(REPOSITORY);
  const settings = {
    ...demoSettings('PT10M'),
    HAYMAKER_SCHEDULE: HARDLY_EVER,
    JANITOR_SCHEDULE: HARDLY_EVER,
  };
  const measured = await withStack({ settings, seed: 'bench' }, async ({ url }) => {
    await startRun(url, RUN_ID, { trigger: 'manual', seed: 'bench', size: 'small' });
    await untilMonitoring(url);
    return measureReaders(url, { readers: READERS, seconds: SECONDS });
  });
  const errors = measured.reduce((sum, { errors }) => sum + errors, 0);
  if (flags.json)
    console.log(JSON.stringify({ readers: READERS, seconds: SECONDS, errors, routes: measured }));
  else for (const line of table(measured)) console.log(line);
  return errors === 0 ? 0 : 1;
});

async function untilMonitoring(url: string): Promise<void> {
  const deadline = Date.now() + MONITORING_MS;
  for (;;) {
    const status: unknown = await (await fetch(`${url}/api/v1/status`)).json();
    if (JSON.stringify(status).includes('"phase":"monitoring"')) return;
    if (Date.now() > deadline) throw new Error(`the run is not at work: ${JSON.stringify(status)}`);
    await pause(500);
  }
}

function table(measured: readonly Measured[]): string[] {
  const head = `${READERS} readers for ${SECONDS} s`.padEnd(26);
  return [
    `${head}requests  errors     p50     p99     max`,
    ...measured.map(({ route, requests, errors, p50Ms, p99Ms, maxMs }) =>
      [
        route.padEnd(26),
        String(requests).padStart(8),
        String(errors).padStart(8),
        ...[p50Ms, p99Ms, maxMs].map((ms) => `${ms} ms`.padStart(8)),
      ].join(''),
    ),
  ];
}
