import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Report } from '../domain/report.ts';
import { type ClockPrecision, clock, day } from '../report/units.ts';

/** Runs of less than this are told to the second. */
const SHORT_RUN_SECONDS = 2 * 3_600;

/** How exactly the times of a run are shown. */
export function precisionOf(report: Pick<Report, 'durationSeconds'>): ClockPrecision {
  return report.durationSeconds < SHORT_RUN_SECONDS ? 'second' : 'minute';
}

/** How instants are written: a report says UTC, wherever it is read; the page says the reader's own time. */
export interface Zone {
  readonly clock: (instant: string, precision: ClockPrecision) => string;
  readonly day: (instant: string) => string;
  /** Of the zone itself, for a sentence: "All times are UTC." */
  readonly name: string;
}

export const UTC: Zone = { clock, day, name: 'UTC' };

/** The zone of everything below it. */
export const ZoneContext = createContext<Zone>(UTC);

export function useZone(): Zone {
  return useContext(ZoneContext);
}

/** An instant as a time of day; the whole of it, in UTC, for machines and on hover. A dash when there is none. */
export function Time({
  at,
  precision = 'minute',
  withDay = false,
}: {
  at: string | null | undefined;
  precision?: ClockPrecision;
  withDay?: boolean;
}) {
  const zone = useZone();
  if (!at) return <span class="faint">–</span>;
  return (
    <time datetime={at} title={`${day(at)} ${clock(at, 'second')} UTC`}>
      {withDay ? `${zone.day(at)}, ${zone.clock(at, precision)}` : zone.clock(at, precision)}
    </time>
  );
}
