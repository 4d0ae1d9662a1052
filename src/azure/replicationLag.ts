/** How long a refusal says something about the next principal. */
const REMEMBERED_MS = 3_600_000;
/** Known a little later than it was refused. */
const MARGIN = 1.5;
const MARGIN_MS = 1_000;
const LONGEST_SECONDS = 30;

/**
 * How long a new principal takes to be known where roles are assigned, learned from refusals: a refused assignment counts as
 * a write, of which there are ten a second. Nothing is waited for before there was one.
 */
export function replicationLag() {
  let refused: { readonly ageMs: number; readonly at: number } | undefined;
  return {
    /** A principal was not known `ageMs` after it was made. `now` is milliseconds since 1970. */
    refused(ageMs: number, now: number): void {
      if (refused && now - refused.at < REMEMBERED_MS && refused.ageMs > ageMs) return;
      refused = { ageMs: Math.max(0, ageMs), at: now };
    },
    /** Seconds to wait after making one. */
    seconds(now: number): number {
      if (!refused || now - refused.at >= REMEMBERED_MS) return 0;
      return Math.min(LONGEST_SECONDS, Math.ceil((refused.ageMs * MARGIN + MARGIN_MS) / 1_000));
    },
  };
}
