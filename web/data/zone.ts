import type { Zone } from '../../src/view/time.tsx';

const ofDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const toMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const toSecond = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23' });

/** The reader's own time. What is not an instant stays as it is, so that nothing is hidden. */
export const LOCAL: Zone = {
  clock: (instant, precision) => write(precision === 'second' ? toSecond : toMinute, instant),
  day: (instant) => write(ofDay, instant),
  name: zoneName(),
};

function write(format: Intl.DateTimeFormat, instant: string): string {
  const time = Date.parse(instant);
  return Number.isNaN(time) ? instant : format.format(time);
}

function zoneName(): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time';
}
