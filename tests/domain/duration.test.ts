import { describe, expect, it } from 'vitest';
import { addSeconds, durationSeconds } from '../../src/domain/duration.ts';
import { DurationSeconds } from '../../src/domain/durationSchema.ts';
import { isoDuration } from '../../src/domain/isoDuration.ts';

describe('ISO 8601 durations', () => {
  it.each([
    ['PT8H', 28_800],
    ['PT15M', 900],
    ['PT1M30S', 90],
    ['P1DT2H', 93_600],
    ['PT0S', 0],
  ])('%s is %i seconds', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', 'P', 'PT', 'P1DT', '8h', 'PT8', 'PT-1H', 'pt8h', 'P1W', 'PT1.5H'])('%j is refused', (text) => {
    expect(durationSeconds(text)).toBeUndefined();
  });

  it('says what it expected and what it got', () => {
    const result = DurationSeconds.safeParse('8 hours');
    expect(result.error?.issues[0]?.message).toBe(
      'expected an ISO 8601 duration such as PT8H or PT15M, got "8 hours"',
    );
  });

  it.each([0, 1, 59, 60, 3_600, 5_400, 28_800, 90_061])(
    '%i seconds survive being written and read',
    (seconds) => {
      expect(durationSeconds(isoDuration(seconds))).toBe(seconds);
    },
  );

  it('adds seconds to an instant', () => {
    expect(addSeconds('2026-11-21T23:59:30Z', 45)).toBe('2026-11-22T00:00:15.000Z');
  });
});
