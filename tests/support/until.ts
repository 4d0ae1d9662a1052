import { setTimeout as pause } from 'node:timers/promises';
import { isTransient, Throttled } from '../../src/domain/errors.ts';

const TIMEOUT_MS = 15_000;
const INTERVAL_MS = 50;

/**
 * Asks until the answer is neither undefined nor false and no failure that may pass; then resolves to it. Throttling is
 * waited out as long as the service says, for asking earlier prolongs it.
 */
export async function until<T>(
  ask: () => Promise<T | undefined | false>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let waitMs = INTERVAL_MS;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) throw new Error(`the condition did not hold within ${timeoutMs} ms`);
    } catch (error) {
      if (!isTransient(error) || Date.now() > deadline) throw error;
      if (error instanceof Throttled) waitMs = error.retryAfterSeconds * 1_000;
    }
    await pause(waitMs);
  }
}
