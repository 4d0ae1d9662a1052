import { describe, expect, it } from 'vitest';
import { replicationLag } from '../../src/azure/replicationLag.ts';

const HOUR = 3_600_000;

describe('the lag of principals', () => {
  it('is nothing before anything was refused', () => {
    expect(replicationLag().seconds(0)).toBe(0);
  });

  it('is longer than the longest refusal of the last hour, and forgotten after it', () => {
    const lag = replicationLag();
    lag.refused(100, 0);
    expect(lag.seconds(0)).toBe(2);
    lag.refused(4_000, 1_000);
    lag.refused(50, 2_000);
    expect(lag.seconds(2_000)).toBe(7);
    expect(lag.seconds(HOUR + 1_000)).toBe(0);
    lag.refused(50, HOUR + 1_000);
    expect(lag.seconds(HOUR + 1_000)).toBe(2);
  });

  it('has an end, and a clock that is wrong does no harm', () => {
    const lag = replicationLag();
    lag.refused(-5_000, 0);
    expect(lag.seconds(0)).toBe(1);
    lag.refused(900_000, 0);
    expect(lag.seconds(0)).toBe(30);
  });
});
