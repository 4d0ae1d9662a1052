import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ensureError } from '../src/domain/errors.ts';
import type { Bench, Row } from './bench.ts';
import { firstAnswers } from './coldAnswers.ts';
import { type ColdApps, layOutApps } from './coldApps.ts';
import { percentile } from './percentile.ts';

const LOADER = fileURLToPath(new URL('./inside/loadApp.cjs', import.meta.url));
const WARM_TIMES = 15;
const COLD_TIMES = 5;
const MIB = 1_048_576;
const DROP_CACHES = '/proc/sys/vm/drop_caches';
const Loaded = z.object({
  milliseconds: z.number(),
  cpuMilliseconds: z.number(),
  functions: z.number().positive(),
  rss: z.number(),
  heapUsed: z.number(),
});
type Loaded = z.infer<typeof Loaded>;
type AppName = keyof ColdApps;
const APPS: readonly AppName[] = ['deployed', 'unbundled', 'empty'];

/** From the start of the process to the functions registered, and to the first answer. */
export const cold: Bench = {
  name: 'cold',
  about: 'the start of the package as deployed, over the same app unbundled and over an empty app',
  run: async ({ say, quick }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-cold-'));
    try {
      say('laying out three apps');
      const apps = await layOutApps(folder);
      say('loading each, page cache warm');
      const warm = await loadInTurn(apps, quick ? 3 : WARM_TIMES, async () => {});
      const refusal = dropCaches();
      if (refusal) say(`the page cache cannot be dropped here: ${refusal}`);
      else say('loading each, page cache dropped');
      const dropped = refusal
        ? undefined
        : await loadInTurn(apps, quick ? 1 : COLD_TIMES, async () => void dropCaches());
      const answers = await firstAnswers(apps, quick ? 1 : COLD_TIMES, say);
      const vsUnbundled = ratio(warm, 'milliseconds', 'unbundled');
      const vsEmpty = ratio(warm, 'milliseconds', 'empty');
      return {
        rows: [
          { what: 'registered: over unbundled', value: vsUnbundled, unit: 'x', goal: { atMost: 0.4 } },
          { what: 'registered: over empty', value: vsEmpty, unit: 'x', goal: { atMost: 2 } },
          {
            what: 'registered, in CPU time: over unbundled',
            value: ratio(warm, 'cpuMilliseconds', 'unbundled'),
            unit: 'x',
          },
          {
            what: 'registered, in CPU time: over empty',
            value: ratio(warm, 'cpuMilliseconds', 'empty'),
            unit: 'x',
          },
          { what: 'registered', value: median(warm.deployed, 'milliseconds'), unit: 'ms' },
          { what: 'memory when registered', value: median(warm.deployed, 'rss') / MIB, unit: 'MiB' },
          { what: 'memory: over unbundled', value: ratio(warm, 'rss', 'unbundled'), unit: 'x' },
          ...(dropped ? coldRows(dropped) : []),
          ...answers.rows,
        ],
        summary: { coldVsUnbundled: round(vsUnbundled), coldVsEmpty: round(vsEmpty) },
        details: {
          warm: medians(warm),
          dropped: dropped ? medians(dropped) : refusal,
          answers: answers.details,
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Samples = Record<AppName, Loaded[]>;

/** The apps take turns, so that whatever else the machine does hits them alike. */
async function loadInTurn(apps: ColdApps, times: number, before: () => Promise<void>): Promise<Samples> {
  const samples: Samples = { deployed: [], unbundled: [], empty: [] };
  for (let turn = 0; turn < times; turn += 1) {
    for (const name of APPS) {
      await before();
      const { stdout } = await promisify(execFile)(process.execPath, [LOADER, apps[name]], { env: {} });
      samples[name].push(Loaded.parse(JSON.parse(stdout)));
    }
  }
  return samples;
}

function coldRows(dropped: Samples): Row[] {
  return [
    {
      what: 'page cache dropped: over unbundled',
      value: ratio(dropped, 'milliseconds', 'unbundled'),
      unit: 'x',
    },
    { what: 'page cache dropped: over empty', value: ratio(dropped, 'milliseconds', 'empty'), unit: 'x' },
  ];
}

/** Drops what the kernel has cached of files; why it could not, when it could not. */
function dropCaches(): string | undefined {
  try {
    writeFileSync(DROP_CACHES, '3');
    return undefined;
  } catch (error) {
    return ensureError(error).message;
  }
}

function median(samples: readonly Loaded[], of: keyof Loaded): number {
  return percentile(
    samples.map((sample) => sample[of]),
    0.5,
  );
}

function ratio(samples: Samples, of: keyof Loaded, over: AppName): number {
  return median(samples.deployed, of) / median(samples[over], of);
}

function medians(samples: Samples) {
  return Object.fromEntries(
    APPS.map((name) => [
      name,
      {
        milliseconds: round(median(samples[name], 'milliseconds')),
        cpuMilliseconds: round(median(samples[name], 'cpuMilliseconds')),
        rssMiB: round(median(samples[name], 'rss') / MIB),
        heapMiB: round(median(samples[name], 'heapUsed') / MIB),
      },
    ]),
  );
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
