import { describe, expect, test } from 'vitest';
import { decide } from '../../src/api/admission.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const minutesAgo = (minutes: number, runId: string) => ({
  runId,
  at: new Date(NOW.getTime() - minutes * 60_000).toISOString(),
});
const limits = { concurrentRuns: 2, runsPerHour: 3 };
const ask = (admissions: { runId: string; at: string }[], live: string[] = []) =>
  decide('new', NOW, { admissions, live: new Set(live), limits });

describe('a run on demand', () => {
  test('is let in and noted', () => {
    expect(ask([])).toEqual({ admitted: true, admissions: [{ runId: 'new', at: NOW.toISOString() }] });
  });

  test('waits while as many as may are at work, however long ago they came', () => {
    const decision = ask([minutesAgo(90, 'a'), minutesAgo(5, 'b')], ['a', 'b']);
    expect(decision).toMatchObject({ admitted: false, retryAfterSeconds: 60 });
  });

  test('waits until the oldest of an hour no longer counts', () => {
    const decision = ask([minutesAgo(50, 'a'), minutesAgo(20, 'b'), minutesAgo(1, 'c')]);
    expect(decision).toMatchObject({ admitted: false, retryAfterSeconds: 600 });
  });

  test('makes room: what neither lives nor counts any more is forgotten', () => {
    const decision = ask([minutesAgo(61, 'old'), minutesAgo(61, 'alive'), minutesAgo(5, 'ended')], ['alive']);
    expect(decision).toMatchObject({
      admitted: true,
      admissions: [{ runId: 'alive' }, { runId: 'ended' }, { runId: 'new' }],
    });
  });
});
