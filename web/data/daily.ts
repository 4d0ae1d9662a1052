import type { RunSummary } from '../../src/api/schemas/runs.ts';
import { count, durationWords } from '../../src/report/units.ts';
import { dollars } from '../../src/view/verdict.tsx';

export const DAYS = 30;
const DAY_MS = 86_400_000;

/** One plot: a value a day and series. */
export interface DailyPlot {
  readonly title: string;
  /** What is said while nothing is pointed at. */
  readonly total: string;
  /** Local midnights, seconds since the epoch, oldest first. */
  readonly days: readonly number[];
  readonly dayNames: readonly string[];
  readonly series: readonly {
    readonly name: string;
    /** The name of a colour of the style sheet. */
    readonly colour: string;
    readonly values: readonly number[];
  }[];
  readonly format: (value: number) => string;
  /** Steps of the scale that a reader can count in. */
  readonly steps: readonly number[];
  /** The scale goes at least so far: nought everywhere is still a plot. */
  readonly atLeast: number;
}

const OUTCOMES = [
  ['completed', 'completed', 'plot-good'],
  ['completed_with_failures', 'with failures', 'plot-warn'],
  ['stopped', 'stopped', 'plot-quiet'],
  ['failed', 'failed', 'plot-bad'],
  ['running', 'running', 'plot-live'],
] as const;

const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const SECONDS = [10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800];
const DOLLARS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

const ofDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The last 30 days of runs as four plots: outcomes, time to clean, what was left, cost. Days are the reader's own. */
export function dailyPlots(runs: readonly RunSummary[], now: Date): DailyPlot[] {
  const midnights = lastMidnights(now);
  const days = midnights.map((midnight) => midnight / 1_000);
  const dayNames = midnights.map((midnight) => ofDay.format(midnight));
  const byDay = midnights.map((from, index) => {
    const to = midnights[index + 1] ?? Number.POSITIVE_INFINITY;
    return runs.filter(({ started_at }) => {
      const at = Date.parse(started_at);
      return at >= from && at < to;
    });
  });
  const shared = { days, dayNames };
  const all = byDay.flat();
  const sum = (of: readonly RunSummary[], value: (run: RunSummary) => number | null) =>
    of.reduce((total, run) => total + (value(run) ?? 0), 0);
  const clean = byDay.map((of) => mean(of.flatMap(({ clean_seconds }) => clean_seconds ?? [])));
  const cleanAll = mean(all.flatMap(({ clean_seconds }) => clean_seconds ?? []));
  const left = sum(all, ({ leaked_resources }) => leaked_resources);
  return [
    {
      ...shared,
      title: 'Runs by outcome',
      total: `${count(all.length, 'run')} in ${DAYS} days`,
      series: OUTCOMES.map(([status, name, colour]) => ({
        name,
        colour,
        values: byDay.map((of) => of.filter((run) => run.status === status).length),
      })),
      format: String,
      steps: COUNTS,
      atLeast: 4,
    },
    {
      ...shared,
      title: 'Time to clean, on average',
      total: cleanAll > 0 ? `${durationWords(cleanAll)} on average` : 'no run was proven clean yet',
      series: [{ name: 'time to clean', colour: 'plot-live', values: clean }],
      format: durationWords,
      steps: SECONDS,
      atLeast: 60,
    },
    {
      ...shared,
      title: 'Left behind',
      total: left === 0 ? 'nothing' : `${count(left, 'thing')} in all`,
      series: [
        {
          name: 'left behind',
          colour: 'plot-bad',
          values: byDay.map((of) => sum(of, ({ leaked_resources }) => leaked_resources)),
        },
      ],
      format: String,
      steps: COUNTS,
      atLeast: 4,
    },
    {
      ...shared,
      title: 'Cost, estimated',
      total: `${dollars(sum(all, ({ estimated_cost_usd }) => estimated_cost_usd))} in ${DAYS} days`,
      series: [
        {
          name: 'cost',
          colour: 'plot-quiet',
          values: byDay.map((of) => sum(of, ({ estimated_cost_usd }) => estimated_cost_usd)),
        },
      ],
      format: dollars,
      steps: DOLLARS,
      atLeast: 1,
    },
  ];
}

/** Midnights of the reader's last days, the present one last. Days of 23 and 25 hours are days, too. */
export function lastMidnights(now: Date): number[] {
  return Array.from({ length: DAYS }, (_, index) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - (DAYS - 1 - index)).getTime(),
  );
}

/** Where the list of runs has to begin for these plots, ISO 8601. */
export function plotsFrom(now: Date): string {
  return new Date((lastMidnights(now)[0] ?? now.getTime()) - DAY_MS / 24).toISOString();
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length;
}
