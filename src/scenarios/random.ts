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

/**
 * A copy of `items` in an order drawn from the seed, without modulo bias: each place goes to one of those that are left,
 * with the probability of its weight, a positive whole number. With equal weights it is Fisher and Yates's shuffle.
 */
export function shuffleByWeight<T>(items: readonly T[], seed: string, weightOf: (item: T) => number): T[] {
  const words = randomWords(seed);
  const pool = [...items];
  const shuffled: T[] = [];
  while (pool.length > 0) {
    const total = pool.reduce((sum, item) => sum + weightOf(item), 0);
    let rest = below(total, words);
    const at = pool.findIndex((item) => {
      rest -= weightOf(item);
      return rest < 0;
    });
    shuffled.push(...pool.splice(at, 1));
  }
  return shuffled;
}

/** A number from 0 to limit - 1. Words beyond the last whole multiple of `limit` are thrown away. */
function below(limit: number, words: Generator<number, never>): number {
  const usable = RANGE - (RANGE % limit);
  let word = words.next().value;
  while (word >= usable) word = words.next().value;
  return word % limit;
}
