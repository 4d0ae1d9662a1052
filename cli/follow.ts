import { CommandFailure, EXIT } from './exit.ts';
import { pause } from './interruption.ts';

/** How long a server may be away before waiting for it is given up. */
const AWAY_LIMIT_MS = 10 * 60_000;

export interface Polling<T> {
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly isFinal: (answer: T) => boolean;
  /** Called with every answer, and with the failure when there was none this time. */
  readonly onLook: (answer: T | undefined, failure: CommandFailure | undefined) => void;
}

/**
 * Asks again and again until the answer is final, and returns it. A server that is away is waited for, up to ten minutes;
 * every other failure ends it. Rejects when the signal aborts.
 */
export async function poll<T>(ask: () => Promise<T>, polling: Polling<T>): Promise<T> {
  let awaySince: number | undefined;
  for (;;) {
    try {
      const answer = await ask();
      awaySince = undefined;
      polling.onLook(answer, undefined);
      if (polling.isFinal(answer)) return answer;
    } catch (error) {
      if (polling.signal.aborted || !isAway(error)) throw error;
      awaySince ??= polling.now();
      if (polling.now() - awaySince > AWAY_LIMIT_MS) throw error;
      polling.onLook(undefined, error);
    }
    await pause(polling.everyMs, polling.signal);
  }
}

/** True for a failure that may be over in a while: the server is restarted, the network comes back. */
export function isAway(error: unknown): error is CommandFailure {
  return error instanceof CommandFailure && error.exitCode === EXIT.unreachable;
}
