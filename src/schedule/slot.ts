import { Cron } from 'croner';

/**
 * The run id of the schedule's slot that `now` belongs to: the last scheduled time, to the minute. A timer that fires
 * late, or twice, comes to the same id.
 * @param schedule NCRONTAB with seconds, UTC
 */
export function slotRunId(schedule: string, now: Date): string {
  const justAfter = new Date(now.getTime() + 1_000);
  const [slot] = cron(schedule).previousRuns(1, justAfter);
  const minute = (slot ?? now).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return `run-${minute}Z`;
}

/** The next scheduled time after `now`, or null for a schedule that has no more. */
export function nextScheduledRun(schedule: string, now: Date): Date | null {
  return cron(schedule).nextRun(now);
}

function cron(schedule: string): Cron {
  return new Cron(schedule, { timezone: 'UTC', mode: '6-part' });
}
