import { MASK, maskSecrets } from '../src/domain/secrets.ts';

const SHORTEST_SECRET = 6;

/** Replaces secrets in a text. */
export type Scrub = (text: string) => string;

/**
 * A function that masks the `known` values (also as base64 and as part of a URL) and whatever looks like a secret. It is
 * the last thing between a text and the outside; what reaches events and logs has passed through it.
 */
export function createScrub(known: readonly (string | undefined)[]): Scrub {
  const values = known
    .filter((value): value is string => value !== undefined && value.length >= SHORTEST_SECRET)
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, MASK);
    return maskSecrets(clean);
  };
}

/** Scrubs every text inside a value: an object's members, a list's items. */
export function scrubDeep(scrub: Scrub, value: unknown): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => scrubDeep(scrub, item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubDeep(scrub, item)]));
}
