import type { Report } from '../domain/report.ts';

/** Places instants of a run on a line of 0 to 100 percent. */
export interface TimeScale {
  readonly start: number;
  readonly end: number;
  /** Percent with two decimals, kept within 0 and 100; 0 for what is not an instant. */
  readonly percent: (instant: string | number) => number;
}

const STEPS_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
];

/** The scale from the start of a run to its end, at least one second wide. */
export function timeScale(report: Pick<Report, 'startedAt' | 'completedAt'>): TimeScale {
  const start = Date.parse(report.startedAt) || 0;
  const end = Math.max(start + 1_000, Date.parse(report.completedAt) || 0);
  const percent = (instant: string | number) => {
    const time = typeof instant === 'number' ? instant : Date.parse(instant);
    const share = Number.isNaN(time) ? 0 : (time - start) / (end - start);
    return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
  };
  return { start, end, percent };
}

/** Round UTC times inside the scale, at most `most` of them, as epoch milliseconds. */
export function ticks({ start, end }: TimeScale, most: number): number[] {
  const stepSeconds = STEPS_SECONDS.find((step) => (end - start) / 1_000 / step <= most) ?? 7 * 86_400;
  const step = stepSeconds * 1_000;
  const first = Math.ceil(start / step) * step;
  const length = Math.max(0, Math.floor((end - first) / step) + 1);
  return Array.from({ length }, (_, index) => first + index * step).slice(0, most);
}
