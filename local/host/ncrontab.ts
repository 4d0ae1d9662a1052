import { Cron } from 'croner';
import { HostError, reasonOf } from './host-error.ts';

/** When a timer fires next after a moment; both in milliseconds since 1970. */
export type Schedule = (after: number) => number;

/**
 * Reads a timer schedule: NCRONTAB with six fields (seconds first) or five, in UTC, day of month AND day of week; or a
 * TimeSpan such as 00:05:00. Throws a HostError that names the function.
 */
export function parseSchedule(text: string, functionName: string): Schedule {
  const span = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text.trim());
  if (span) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = span.slice(1).map((part) => Number(part ?? 0));
    const interval = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    if (interval > 0) return (after) => after + interval;
  }
  try {
    const cron = new Cron(text, { paused: true, timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true });
    return (after) => {
      const next = cron.nextRun(new Date(after));
      if (!next) throw new HostError(`${functionName}: the schedule "${text}" never fires. Correct it.`);
      return next.getTime();
    };
  } catch (error) {
    throw new HostError(
      `${functionName}: the schedule "${text}" is not NCRONTAB (${reasonOf(error)}). Example: "0 0 0,6,12,18 * * *".`,
      { cause: error },
    );
  }
}
