import { Denied, HaymakerError, isTransient } from '../domain/errors.ts';
import type { Step } from '../domain/run.ts';

/**
 * Runs one bounded piece of work as a Step: what Azure has not finished or replicated yet is `pending`, what it refuses
 * is `failed`; `soFar` says what the next call need not do again. Anything else is thrown, and the engine calls the activity again.
 */
export async function asStep<T, S>(work: () => Promise<T>, soFar: () => S | undefined): Promise<Step<T, S>> {
  try {
    return { state: 'done', value: await work() };
  } catch (error) {
    if (isTransient(error)) {
      const retryAfterSeconds = 'retryAfterSeconds' in error ? error.retryAfterSeconds : 5;
      const known = soFar();
      return {
        state: 'pending',
        waitingFor: error.message,
        retryAfterSeconds,
        ...(known === undefined ? {} : { soFar: known }),
      };
    }
    if (error instanceof HaymakerError)
      return { state: 'failed', error: error.message, advice: adviceFor(error) };
    throw error;
  }
}

function adviceFor(error: HaymakerError): string {
  if (error instanceof Denied)
    return 'Check the role of the app’s identity; the message names the action that was refused.';
  return 'The message says what Azure refused. The agent was left out of the run and what it had was removed.';
}
