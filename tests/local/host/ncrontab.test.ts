import { expect, test } from 'vitest';
import { parseSchedule } from '../../../local/host/ncrontab.ts';

const after = (schedule: string, from: string): string =>
  new Date(parseSchedule(schedule, 'f')(Date.parse(from))).toISOString();

test.each([
  ['0 0 0,6,12,18 * * *', '2026-11-21T06:00:00Z', '2026-11-21T12:00:00.000Z'],
  ['0 0 * * * *', '2026-11-21T06:59:59Z', '2026-11-21T07:00:00.000Z'],
  ['*/5 * * * * *', '2026-11-21T06:00:03Z', '2026-11-21T06:00:05.000Z'],
  ['*/15 * * * *', '2026-11-21T06:01:00Z', '2026-11-21T06:15:00.000Z'],
  ['0 0 9 * * Mon-Fri', '2026-11-21T06:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['0 0 0 13 * 5', '2026-11-21T00:00:00Z', '2027-08-13T00:00:00.000Z'],
  ['00:05:00', '2026-11-21T06:00:00Z', '2026-11-21T06:05:00.000Z'],
])('%s after %s', (schedule, from, expected) => {
  expect(after(schedule, from)).toBe(expected);
});

test('a schedule that is none is refused with the name of its function', () => {
  expect(() => parseSchedule('every day', 'haymaker_timer')).toThrow(
    /haymaker_timer: the schedule "every day"/,
  );
});
