import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { AZURE_LIMITS } from '../local/azure/throttle.ts';
import { HARDLY_EVER } from '../local/stack/demo.ts';
import { findStatus, hasFinished } from '../local/stack/durable.ts';
import { withStack } from '../local/stack/withStack.ts';
import { WORLD } from '../local/world.ts';
import { stem, tagsFor } from '../src/domain/naming.ts';
import { cleanupInstanceId } from '../src/run/removeLeftovers.ts';
import { DELAYS, LATENCIES, playAzure, secondsFor } from './azure.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { inside } from './inside/inside.ts';
import type { PlantRun } from './inside/plantRun.ts';

/** Azure's own speed: nothing is compressed, so that the app's waits of whole seconds count for what they are. */
const FACTOR = 1;
const SIZES = [100, 1_000, 5_000];
const QUICK_SIZES = [100];
const GROUPS = 50;
/** Of a hundred resources so many are used from another group, and outlive the first deletion of their own. */
const STUBBORN_PER_HUNDRED = 5;
/** Of Azure's time. */
const PASS_INTERVAL_SECONDS = 60;
const CLEAN_PASSES = 2;
const LIMIT_MS = 15 * 60_000;

interface Measured {
  readonly leftovers: number;
  readonly seconds: number;
  readonly boundSeconds: number;
  readonly ratio: number;
  readonly status: string;
  readonly throttled: number;
  readonly deletes: number;
}

/** From the start of a clean-up to "verified", over what Azure's buckets and its own deletions take. */
export const remove: Bench = {
  name: 'remove',
  about: `a clean-up of ${SIZES.join(', ')} leftovers in ${GROUPS} groups, 5 % stubborn, over Azure’s own time`,
  async run(options) {
    const measured: Measured[] = [];
    for (const count of options.quick ? QUICK_SIZES : SIZES) measured.push(await measure(count, options));
    const thousand = measured.find(({ leftovers }) => leftovers === 1_000);
    return {
      rows: measured.flatMap(rowsOf),
      ...(thousand ? { summary: { remove1000Ratio: thousand.ratio } } : {}),
      details: { factor: FACTOR, latencies: LATENCIES, delays: DELAYS, limits: AZURE_LIMITS, measured },
    };
  },
};

async function measure(count: number, { say }: BenchOptions): Promise<Measured> {
  const settings = { HAYMAKER_SCHEDULE: HARDLY_EVER, JANITOR_SCHEDULE: HARDLY_EVER };
  say(`${count} leftovers: starting a stack`);
  return withStack({ settings, seed: 'bench', storageSeeks: true }, async (stack) => {
    const { url, standIn } = stack;
    const control = await playAzure(standIn.controlUrl, FACTOR);
    const runId = `bench-${count}`;
    await inside(stack, 'plantRun', { runId } satisfies PlantRun);
    await control.resources(leftoversOf(runId, count));
    // The index is late; a clean-up that begins when it has caught up is what is measured.
    await pause(DELAYS.graphIndexLag / FACTOR + 500);
    const before = await control.counts();
    const begun = performance.now();
    const status = await cleanUp(url, runId, say);
    const seconds = ((performance.now() - begun) / 1_000) * FACTOR;
    const after = await control.counts();
    const left = (await control.leftovers()).length;
    const deletesOf = (byOperation: Readonly<Record<string, number>>) =>
      Object.entries(byOperation)
        .filter(([name]) => /delete$/i.test(name) && !/storage/i.test(name))
        .reduce((sum, [, each]) => sum + each, 0);
    const boundSeconds = boundOf();
    return {
      leftovers: count,
      seconds: round(seconds),
      boundSeconds,
      ratio: round(seconds / boundSeconds),
      status: left > 0 ? `${status}, ${left} left` : status,
      throttled: (after.byStatus[429] ?? 0) - (before.byStatus[429] ?? 0),
      deletes: deletesOf(after.byOperation) - deletesOf(before.byOperation),
    };
  });
}

/**
 * What nobody can be faster than: the groups are deleted twice, because of what the first deletion leaves; the index has
 * to forget them; and clean answers are an interval apart. Two deletions a group fit into the bucket.
 */
function boundOf(): number {
  const deletions = 2 * (LATENCIES.armDelete + DELAYS.groupDelete);
  const proof = DELAYS.graphIndexLag / 1_000 + (CLEAN_PASSES - 1) * PASS_INTERVAL_SECONDS;
  return round(secondsFor(2 * GROUPS, AZURE_LIMITS.deletes) + deletions / 1_000 + proof);
}

/** Groups of a run with as many virtual networks; of every twenty one is used by an interface in the next group. */
function leftoversOf(runId: string, count: number): object[] {
  const tags = tagsFor({ runId, expiresOn: new Date().toISOString() }, 'compute-01');
  const groups = Array.from({ length: GROUPS }, (_, n) => {
    const name = stem(runId, `bench0-${String(n + 1).padStart(2, '0')}`);
    return `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${name}`;
  });
  const inGroups = Array.from({ length: count }, (_, n) => {
    const group = groups[n % GROUPS];
    const network = `${group}/providers/Microsoft.Network/virtualNetworks/v${n}`;
    const isHeld = n % 100 < STUBBORN_PER_HUNDRED;
    const user = `${groups[(n + 1) % GROUPS]}/providers/Microsoft.Network/networkInterfaces/n${n}`;
    return [
      { id: network, type: 'Microsoft.Network/virtualNetworks', tags },
      ...(isHeld
        ? [
            {
              id: user,
              type: 'Microsoft.Network/networkInterfaces',
              tags,
              properties: { subnet: { id: network } },
            },
          ]
        : []),
    ];
  });
  return [
    ...groups.map((id) => ({ id, type: 'Microsoft.Resources/resourceGroups', tags })),
    ...inGroups.flat(),
  ];
}

/** Starts the clean-up by itself, as the API does, and resolves with what it ended with. */
async function cleanUp(url: string, runId: string, say: (line: string) => void): Promise<string> {
  const id = cleanupInstanceId(runId);
  const policy = {
    rounds: 20,
    cleanPasses: CLEAN_PASSES,
    passIntervalSeconds: PASS_INTERVAL_SECONDS / FACTOR,
  };
  const response = await fetch(`${url}/runtime/webhooks/durabletask/orchestrators/remove_leftovers/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runId, policy }),
  });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  const deadline = performance.now() + LIMIT_MS;
  let told = performance.now();
  for (;;) {
    const status = await findStatus(url, id);
    if (status && hasFinished(status)) {
      const { output } = status;
      return typeof output === 'object' && output !== null && 'status' in output
        ? String(output.status)
        : status.runtimeStatus;
    }
    if (performance.now() - told > 15_000) {
      told = performance.now();
      say(JSON.stringify(status?.customStatus ?? null));
    }
    if (performance.now() > deadline) throw new Error(`the clean-up has not ended after ${LIMIT_MS} ms`);
    await pause(100);
  }
}

function rowsOf({ leftovers, seconds, boundSeconds, ratio, status, throttled, deletes }: Measured): Row[] {
  const what = `${leftovers} leftovers`;
  return [
    { what: `${what}: time to ${status}`, value: seconds, unit: 's' },
    { what: `${what}: bound`, value: boundSeconds, unit: 's' },
    { what: `${what}: time over the bound`, value: ratio, unit: 'x', goal: { atMost: 1.25 } },
    { what: `${what}: deletions asked for`, value: deletes, unit: '' },
    { what: `${what}: answers 429`, value: throttled, unit: '' },
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
