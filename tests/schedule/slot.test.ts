import { describe, expect, it } from 'vitest';
import { nextScheduledRun, slotRunId } from '../../src/schedule/slot.ts';

const FOUR_A_DAY = '0 0 0,6,12,18 * * *';

describe('the slot of a schedule', () => {
  it.each([
    ['2026-11-21T06:00:00.000Z', 'run-20261121T0600Z'],
    ['2026-11-21T06:00:00.250Z', 'run-20261121T0600Z'],
    ['2026-11-21T05:59:59.900Z', 'run-20261121T0600Z'],
    ['2026-11-21T09:17:00.000Z', 'run-20261121T0600Z'],
    ['2026-11-21T23:59:00.000Z', 'run-20261121T1800Z'],
  ])('a timer that fires at %s belongs to %s, however late or often', (now, id) => {
    expect(slotRunId(FOUR_A_DAY, new Date(now))).toBe(id);
  });

  it('knows the next run', () => {
    expect(nextScheduledRun(FOUR_A_DAY, new Date('2026-11-21T18:00:00Z'))?.toISOString()).toBe(
      '2026-11-22T00:00:00.000Z',
    );
  });
});
