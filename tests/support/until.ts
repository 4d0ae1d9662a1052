import { setTimeout as pause } from 'node:timers/promises';
import { isTransient } from '../../src/domain/errors.ts';

const TIMEOUT_MS = 15_000;
const INTERVAL_MS = 50;

/** Asks until the answer is neither undefined nor false and no failure that may pass; then resolves to it. */
export async function until<T>(
  ask: () => Promise<T | undefined | false>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) throw new Error(`the condition did not hold within ${timeoutMs} ms`);
    } catch (error) {
      if (!isTransient(error) || Date.now() > deadline) throw error;
    }
    await pause(INTERVAL_MS);
  }
}
