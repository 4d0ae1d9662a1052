/** What a bench hears about how it should run. */
export interface BenchOptions {
  /** Says what is being done; shown while the bench is at work. */
  readonly say: (line: string) => void;
  /** Smaller numbers, for trying a bench out. Its results are not those of the goals. */
  readonly quick: boolean;
}

/** One number of a bench, and what it should be. */
export interface Row {
  /** Such as `provision 500: time over the bound`. */
  readonly what: string;
  readonly value: number;
  /** Such as ms, x, events/s, calls, USD; "" for a plain count. */
  readonly unit: string;
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** The keys of the line that `npm run bench -- --json` ends with. */
export interface Summary {
  readonly provision500Ratio: number;
  readonly remove1000Ratio: number;
  /** Azure calls of one status check, by the number of agents. */
  readonly tickCalls: { readonly 5: number; readonly 50: number; readonly 500: number };
  readonly historyLargestBytes500: number;
  readonly coldVsUnbundled: number;
  readonly coldVsEmpty: number;
  readonly apiP99Growth: number;
  readonly ingestPerSecond: number;
  readonly ingestP99Seconds: number;
  readonly costSmallRunUsd: number;
}

export interface BenchResult {
  /** What the table shows. */
  readonly rows: readonly Row[];
  /** This bench's part of the summary line. */
  readonly summary?: Partial<Summary>;
  /** Everything else worth keeping in results.json: how it was set up, every sample's percentiles. */
  readonly details?: unknown;
}

/**
 * One measure. `run` starts what it needs, stops it again, and throws what kept it from measuring; it never throws for a
 * number that misses its goal.
 */
export interface Bench {
  /** For `--only`. */
  readonly name: string;
  /** One line: what is measured, against what. */
  readonly about: string;
  run(options: BenchOptions): Promise<BenchResult>;
}

/** Whether a number is what it should be; undefined for one without a goal. */
export function meets({ value, goal }: Row): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
