import { z } from 'zod';
import { demoSettings, HARDLY_EVER } from '../local/stack/demo.ts';
import { followRun, startRun } from '../local/stack/durable.ts';
import type { Stack } from '../local/stack/stack.ts';
import { withStack } from '../local/stack/withStack.ts';
import type { Bench, Row } from './bench.ts';
import { getJson } from './getJson.ts';
import { PRICES } from './prices.ts';

const SIZES = ['small', 'medium', 'large'] as const;
const WINDOW = 'PT2M';
const LIMIT_MS = 30 * 60_000;
const REAL_WINDOW_SECONDS = 8 * 3_600;
const REAL_CHECK_SECONDS = 15 * 60;
/** What the durable engine does on its own storage for one message: enqueue, dequeue, delete, and a history row in and out. */
const STORAGE_PER_EPISODE = 5;
/** An instance that stays up all day: it asks the task hub's five queues every ten seconds. A plan that scales to zero asks less. */
const IDLE_POLLS_PER_DAY = (86_400 / 10) * 5;
const IDLE_EXECUTIONS_PER_DAY = 24;

const Calls = z.object({ byOperation: z.record(z.string(), z.number()) });
const Executions = z.record(z.string(), z.object({ count: z.number(), milliseconds: z.number() }));

/** What one run costs on the Consumption plan, by what it really did here, and what a day without runs costs. */
export const cost: Bench = {
  name: 'cost',
  about: 'executions, GB-seconds and storage operations of one run, priced',
  run: async ({ say, quick }) => {
    const rows: Row[] = [];
    const details: Record<string, unknown> = { prices: PRICES };
    let small = Number.NaN;
    for (const size of quick ? SIZES.slice(0, 1) : SIZES) {
      say(`a ${size} run`);
      const counted = await countRun(size);
      details[size] = counted;
      if (size === 'small') small = counted.usd;
      rows.push(
        { what: `${size}: one run`, value: counted.usd, unit: 'USD' },
        { what: `${size}: executions`, value: counted.executions, unit: '' },
        { what: `${size}: GB-seconds`, value: counted.gigabyteSeconds, unit: '' },
        { what: `${size}: storage operations`, value: counted.storageOperations, unit: '' },
      );
    }
    const idle =
      IDLE_POLLS_PER_DAY * PRICES.perTableOrQueueOperation +
      IDLE_EXECUTIONS_PER_DAY * (PRICES.perExecution + PRICES.gigabytes * PRICES.perGigabyteSecond);
    rows.push({ what: 'a day without runs', value: idle, unit: 'USD' });
    return { rows, summary: { costSmallRunUsd: Number(small.toPrecision(3)) }, details };
  },
};

async function countRun(size: (typeof SIZES)[number]) {
  const settings = { ...demoSettings(WINDOW), HAYMAKER_SCHEDULE: HARDLY_EVER, JANITOR_SCHEDULE: HARDLY_EVER };
  return withStack({ settings, seed: 'bench' }, async (stack) => {
    const before = await storageCalls(stack);
    await startRun(stack.url, `bench-${size}`, { trigger: 'manual', seed: 'bench', size });
    await followRun(stack.url, `bench-${size}`, LIMIT_MS, () => {});
    const after = await storageCalls(stack);
    const done = Executions.parse(await getJson(`${stack.url}/admin/host/executions`));
    return priced(done, subtract(after, before));
  });
}

/** Pure: the bill. Status checks are scaled from the short window here to eight hours of one every fifteen minutes. */
function priced(done: z.infer<typeof Executions>, storage: Readonly<Record<string, number>>) {
  const checks = done.check_agent_status_activity?.count ?? 0;
  const realChecks = REAL_WINDOW_SECONDS / REAL_CHECK_SECONDS;
  let executions = 0;
  let gigabyteSeconds = 0;
  for (const [name, { count, milliseconds }] of Object.entries(done)) {
    const scale = name === 'check_agent_status_activity' && checks > 0 ? realChecks / checks : 1;
    const seconds = Math.max(milliseconds / 1_000, count * PRICES.leastSeconds);
    executions += count * scale;
    gigabyteSeconds += seconds * scale * PRICES.gigabytes;
  }
  const blobWrites = sum(storage, /blobs\/write$/);
  const blobReads = sum(storage, /blobs\/read$/);
  const durable = executions * STORAGE_PER_EPISODE;
  const tableAndQueue = sum(storage, /tableServices|queueServices/) + durable;
  const usd =
    executions * PRICES.perExecution +
    gigabyteSeconds * PRICES.perGigabyteSecond +
    tableAndQueue * PRICES.perTableOrQueueOperation +
    blobWrites * PRICES.perBlobWrite +
    blobReads * PRICES.perBlobRead;
  return {
    usd,
    executions: Math.round(executions),
    gigabyteSeconds,
    storageOperations: Math.round(tableAndQueue + blobWrites + blobReads),
    byFunction: done,
    byStorageOperation: storage,
  };
}

async function storageCalls({ standIn }: Stack): Promise<Record<string, number>> {
  const { byOperation } = Calls.parse(await getJson(`${standIn.controlUrl}/control/calls`));
  return Object.fromEntries(
    Object.entries(byOperation).filter(([name]) => name.startsWith('Microsoft.Storage/')),
  );
}

function subtract(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
}

function sum(counts: Readonly<Record<string, number>>, name: RegExp): number {
  return Object.entries(counts).reduce((total, [key, count]) => (name.test(key) ? total + count : total), 0);
}
