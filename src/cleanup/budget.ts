/** How much one call of an activity may still delete; the rest is the next call's. */
export interface Budget {
  /** Takes one deletion; the reason, in words, when there is none left. */
  take(): string | undefined;
  /** Nothing may be begun any more. */
  readonly isSpent: boolean;
}

/**
 * Allows at most `maxDeletions`, and none after `maxMs`: an activity does bounded work, and a clean-up that has gone
 * astray does bounded harm.
 */
export function createBudget(maxDeletions: number, maxMs: number, now: () => number = Date.now): Budget {
  const endsAt = now() + maxMs;
  let left = maxDeletions;
  return {
    get isSpent() {
      return left <= 0 || now() >= endsAt;
    },
    take() {
      if (left <= 0)
        return `postponed: ${maxDeletions} deletions are the limit of one call (MAX_DELETIONS_PER_CALL)`;
      if (now() >= endsAt) return `postponed: the ${Math.round(maxMs / 1_000)} s of one call were used up`;
      left -= 1;
      return undefined;
    },
  };
}
