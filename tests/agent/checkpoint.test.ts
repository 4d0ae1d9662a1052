import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  freshCheckpoint,
  LONGEST_TAG_VALUE,
} from '../../agent/checkpoint.ts';

const full: Checkpoint = {
  fingerprint: '0a1b2c3d',
  deployed: 12,
  operatingSince: Date.parse('2026-11-21T06:00:00Z'),
  consumed: Array.from({ length: 30 }, (_, at) => at * 3),
  cleaned: 5,
  announcedUntil: Date.parse('2026-11-21T13:59:59Z'),
  spent: { questions: 12, usd: 0.4321 },
};

describe('a checkpoint', () => {
  it.each([full, freshCheckpoint('0a1b2c3d'), { ...full, cleaned: undefined }])(
    'survives as the value of a tag',
    (one) => {
      const text = encodeCheckpoint(one);
      expect(text.length).toBeLessThanOrEqual(LONGEST_TAG_VALUE);
      expect(text).not.toMatch(/[<>%&\\?/]/);
      expect(decodeCheckpoint(text, '0a1b2c3d')).toEqual(one);
    },
  );

  it('does not count for another scenario, another format, or when there is none', () => {
    expect(decodeCheckpoint(encodeCheckpoint(full), 'ffffffff')).toBeUndefined();
    expect(decodeCheckpoint(`1${encodeCheckpoint(full).slice(1)}`, '0a1b2c3d')).toBeUndefined();
    expect(decodeCheckpoint(undefined, '0a1b2c3d')).toBeUndefined();
    expect(decodeCheckpoint('rubbish', '0a1b2c3d')).toBeUndefined();
  });

  it('says so when it does not fit', () => {
    expect(() => encodeCheckpoint({ ...full, consumed: Array(200).fill(1) })).toThrow(RangeError);
  });
});
