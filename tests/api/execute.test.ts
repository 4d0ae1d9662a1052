import { describe, expect, test } from 'vitest';
import { executionIds } from '../../src/api/execute.ts';

const body = { scenarios: ['compute-01'] };
const at = (iso: string) => new Date(iso);
const ids = (change: Partial<Parameters<typeof executionIds>[0]> = {}) =>
  executionIds({ caller: 'a', key: undefined, body, now: at('2026-11-21T12:00:30Z'), ...change });

describe('the id of an execution', () => {
  test('is the same for the same caller and body within the minute, and known in the next', () => {
    expect(ids().executionId).toMatch(/^exec-20261121-[0-9a-f]{8}$/);
    expect(ids({ now: at('2026-11-21T12:00:59Z') }).executionId).toBe(ids().executionId);
    expect(ids({ now: at('2026-11-21T12:01:10Z') }).previousId).toBe(ids().executionId);
    expect(ids()).toMatchObject({ windowMs: 60_000 });
  });

  test('differs by caller, body and minute', () => {
    const others = [
      ids({ caller: 'b' }),
      ids({ body: { scenarios: ['compute-02'] } }),
      ids({ now: at('2026-11-21T12:01:30Z') }),
    ];
    expect(new Set([ids(), ...others].map(({ executionId }) => executionId)).size).toBe(4);
  });

  test('depends on the Idempotency-Key alone when there is one, for a day', () => {
    const first = ids({ key: 'k' });
    expect(
      ids({ key: 'k', body: { scenarios: ['other-01'] }, now: at('2026-11-21T23:00:00Z') }).executionId,
    ).toBe(first.executionId);
    expect(ids({ key: 'k', now: at('2026-11-22T01:00:00Z') })).toMatchObject({
      previousId: first.executionId,
      windowMs: 86_400_000,
    });
    expect(ids({ key: 'k', caller: 'b' }).executionId).not.toBe(first.executionId);
  });
});
