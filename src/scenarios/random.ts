import { createHash } from 'node:crypto';

const RANGE = 2 ** 32;

/**
 * An endless stream of 32 bit numbers that depends on nothing but the seed: SHA-256 of "<seed>:<n>" for n = 0, 1, 2, ...,
 * each digest read as eight big-endian words. The same on every machine and Node version, unlike Math.random.
 */
export function* randomWords(seed: string): Generator<number, never> {
  for (let block = 0; ; block += 1) {
    const digest = createHash('sha256').update(`${seed}:${block}`).digest();
    for (let offset = 0; offset < digest.length; offset += 4) yield digest.readUInt32BE(offset);
  }
}

/** A copy of `items` in an order drawn from the seed (Fisher-Yates, without modulo bias). */
export function shuffle<T>(items: readonly T[], seed: string): T[] {
  const words = randomWords(seed);
  const pool = [...items];
  const shuffled: T[] = [];
  while (pool.length > 0) shuffled.push(...pool.splice(below(pool.length, words), 1));
  return shuffled;
}

/** A number from 0 to limit - 1. Words beyond the last whole multiple of `limit` are thrown away. */
function below(limit: number, words: Generator<number, never>): number {
  const usable = RANGE - (RANGE % limit);
  let word = words.next().value;
  while (word >= usable) word = words.next().value;
  return word % limit;
}
