import type { BenchResult, Summary } from './bench.ts';

/** The keys of the last line of `--json`, in the order in which they are written. */
const KEYS = [
  'provision500Ratio',
  'remove1000Ratio',
  'tickCalls',
  'historyLargestBytes500',
  'coldVsUnbundled',
  'coldVsEmpty',
  'apiP99Growth',
  'ingestPerSecond',
  'ingestP99Seconds',
  'costSmallRunUsd',
] as const satisfies readonly (keyof Summary)[];

/** The summary of all benches; null for what no bench has measured this time. */
export function summarize(results: readonly BenchResult[]): Record<keyof Summary, unknown> {
  const measured: Partial<Summary> = Object.assign({}, ...results.map(({ summary }) => summary));
  return Object.fromEntries(KEYS.map((key) => [key, measured[key] ?? null])) as Record<
    keyof Summary,
    unknown
  >;
}
