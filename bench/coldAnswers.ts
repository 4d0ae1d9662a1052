import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { HARDLY_EVER } from '../local/stack/demo.ts';
import { createFleet } from '../local/stack/fleet.ts';
import { REPOSITORY } from '../local/stack/paths.ts';
import { freePort } from '../local/stack/ports.ts';
import type { Stack } from '../local/stack/stack.ts';
import { withStack } from '../local/stack/withStack.ts';
import type { Row } from './bench.ts';
import type { ColdApps } from './coldApps.ts';
import { percentile } from './percentile.ts';

const LIMIT_MS = 60_000;
const LOG_LINES = 15;
const PROBES = { deployed: 'api/v1/status', unbundled: 'api/v1/status', empty: 'hello' } as const;
type AppName = keyof ColdApps;
const APPS: readonly AppName[] = ['deployed', 'unbundled', 'empty'];

/** From the start of the local host to the first answer: `status` of the app (storage included), and of the empty app. */
export async function firstAnswers(
  apps: ColdApps,
  times: number,
  say: (line: string) => void,
): Promise<{ rows: Row[]; details: unknown }> {
  say('starting a stack, for the first answer of status');
  const settings = { HAYMAKER_SCHEDULE: HARDLY_EVER, JANITOR_SCHEDULE: HARDLY_EVER };
  const samples: Record<AppName, number[]> = { deployed: [], unbundled: [], empty: [] };
  await withStack({ settings }, async (stack) => {
    for (let turn = 0; turn < times; turn += 1) {
      for (const name of APPS) samples[name].push(await firstAnswer(stack, apps[name], PROBES[name]));
    }
  });
  const median = (name: AppName) => percentile(samples[name], 0.5);
  return {
    rows: [
      { what: 'first answer of status', value: median('deployed'), unit: 'ms' },
      {
        what: 'first answer of status: over unbundled',
        value: median('deployed') / median('unbundled'),
        unit: 'x',
      },
      { what: 'first answer of status: over empty', value: median('deployed') / median('empty'), unit: 'x' },
    ],
    details: Object.fromEntries(APPS.map((name) => [name, Math.round(median(name))])),
  };
}

async function firstAnswer(stack: Stack, app: string, route: string): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-answer-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/${route}`;
  const fleet = createFleet(() => {});
  const begun = performance.now();
  try {
    await fleet.start(
      {
        name: 'host',
        args: [
          path.join(REPOSITORY, 'local', 'host', 'main.ts'),
          ...['--app', app, '--port', String(port), '--state', path.join(folder, 'state'), '--no-timers'],
        ],
        env: { ...stack.environment, WEBSITE_HOSTNAME: `127.0.0.1:${port}` },
        logs: folder,
        advice: 'It serves one of the apps whose starts are compared.',
      },
      () => answered(url),
    );
    return performance.now() - begun;
  } catch (error) {
    const log = readFileSync(path.join(folder, 'host.log'), 'utf8').trimEnd().split('\n').slice(-LOG_LINES);
    throw new Error(`${app} has not answered. The end of its log:\n${log.join('\n')}`, { cause: error });
  } finally {
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answered(url: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    if (response) throw new Error(`${url} answered ${response.status}`);
    await pause(5);
  }
  throw new Error(`${url} does not answer`);
}
