import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from './exit.ts';
import type { Session } from './session.ts';

/** Performs what takes long. Ctrl-C ends it with Interrupted, whose message says how to go on. */
export async function interruptibly<T>(
  { world }: Session,
  howToGoOn: string,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = world.catchInterrupt();
  try {
    return await body(signal);
  } catch (error) {
    if (signal.aborted) throw new Interrupted(howToGoOn);
    throw error;
  }
}

/** Waits; rejects at once when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
