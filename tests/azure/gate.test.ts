import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gate } from '../../src/azure/gate.ts';
import { Throttled } from '../../src/domain/errors.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sends `count` requests at once; returns how many are through after each second. */
async function through(gate: Gate, count: number, seconds: number): Promise<number[]> {
  let admitted = 0;
  for (let n = 0; n < count; n += 1) {
    void gate.enter().then(() => {
      admitted += 1;
      gate.leave();
    });
  }
  const counts: number[] = [];
  for (let n = 0; n <= seconds; n += 1) {
    await vi.advanceTimersByTimeAsync(n === 0 ? 0 : 1_000);
    counts.push(admitted);
  }
  return counts;
}

test('what the bucket holds goes at once, the rest as fast as it fills', async () => {
  expect(await through(new Gate({ capacity: 20, perSecond: 10 }), 60, 4)).toEqual([20, 30, 40, 50, 60]);
});

test('what the answers say is believed, whoever else has drawn', async () => {
  const gate = new Gate({ capacity: 200, perSecond: 10 });
  await gate.enter();
  gate.leave({ remaining: 3 });
  expect(await through(gate, 20, 1)).toEqual([3, 13]);
});

test('a bucket that is larger than documented is used', async () => {
  const gate = new Gate({ capacity: 5, perSecond: 1 });
  await gate.enter();
  gate.leave({ remaining: 100 });
  expect(await through(gate, 90, 0)).toEqual([90]);
});

test('a refusal closes the gate for as long as Azure says, and halves what we take', async () => {
  const gate = new Gate({ capacity: 200, perSecond: 10 });
  await gate.enter();
  gate.leave({ refused: true, closedSeconds: 2 });
  const [at0, at1, , at3] = await through(gate, 40, 3);
  expect([at0, at1]).toEqual([0, 0]);
  expect(at3).toBeLessThan(20);
});

test('a wait that is too long for an activity is refused with the time that it takes', async () => {
  const gate = new Gate({ capacity: 1, perSecond: 1 });
  await gate.enter();
  const asked = Array.from({ length: 20 }, () => gate.enter().catch((error: unknown) => error));
  expect(await asked.at(-1)).toBeInstanceOf(Throttled);
  await vi.advanceTimersByTimeAsync(20_000);
  const refused = (await Promise.all(asked)).filter((each) => each !== undefined);
  expect(refused).toHaveLength(5);
});

test('who gives up waiting leaves the queue', async () => {
  const gate = new Gate({ capacity: 1, perSecond: 1 });
  await gate.enter();
  const patience = new AbortController();
  const first = gate.enter(patience.signal);
  const second = gate.enter();
  patience.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  await vi.advanceTimersByTimeAsync(1_000);
  await second;
});
