const ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
/** Nobody sits before a terminal for longer; a longer wait is said instead of waited. */
const LONGEST_WAIT_MS = 60_000;

/** Answers after which the same request may succeed: throttled, or a host that is starting or being replaced. */
const PASSING = new Set([408, 429, 502, 503, 504]);

/** What came of an attempt: a status with what Retry-After asked for, or nothing at all. */
export type Attempt =
  | { readonly status: number; readonly retryAfterMs?: number }
  | { readonly status: undefined };

/**
 * How long to wait before the next attempt; undefined when there should be none. `attempt` counts from 1. Pure.
 * Only for requests that may be repeated: GET, and POST execute with its Idempotency-Key.
 */
export function nextWaitMs(attempt: number, result: Attempt): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  if (result.status !== undefined && !PASSING.has(result.status)) return undefined;
  const backoff = FIRST_WAIT_MS * 2 ** (attempt - 1);
  const wait = result.status === undefined ? backoff : (result.retryAfterMs ?? backoff);
  return wait > LONGEST_WAIT_MS ? undefined : wait;
}

/** Milliseconds that a Retry-After header asks for: seconds or an HTTP date; undefined when it says neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
