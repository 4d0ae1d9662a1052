import { expect, test } from 'vitest';
import { Throttle } from '../../../local/azure/throttle.ts';

test('a bucket admits what it holds, then as fast as it fills, for each key apart', () => {
  let now = 0;
  const throttle = new Throttle(() => now);
  const take = (key: string) => throttle.take(key, { capacity: 2, perSecond: 0.5 });
  expect(take('a')).toEqual({ admitted: true, remaining: 1, retryAfterSeconds: 0 });
  expect(take('a')).toEqual({ admitted: true, remaining: 0, retryAfterSeconds: 2 });
  expect(take('a')).toEqual({ admitted: false, remaining: 0, retryAfterSeconds: 2 });
  expect(take('b').admitted).toBe(true);
  now = 1_000;
  expect(take('a')).toMatchObject({ admitted: false, retryAfterSeconds: 1 });
  now = 2_000;
  expect(take('a').admitted).toBe(true);
  now = 60_000;
  expect(take('a').remaining).toBe(1);
});
