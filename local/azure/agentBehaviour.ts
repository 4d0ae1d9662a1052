import { createHash } from 'node:crypto';

/**
 * How an agent ends.
 * - `clean`: removes what it made and says so.
 * - `leaves`: says that it is done, but leaves some of its things.
 * - `crashes`: exits with 1 half-way, without a last word.
 * - `hangs`: goes silent past the end and does not heed SIGTERM.
 * - `deaf`: works on past the end; its SIGTERM gets lost.
 */
export const BEHAVIOURS = ['clean', 'leaves', 'crashes', 'hangs', 'deaf'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** A repeatable sequence of numbers in [0, 1) (mulberry32). */
export type Chance = () => number;

/** The chance that belongs to a seed. */
export function chanceOf(seed: string): Chance {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in a random order. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  return items
    .map((item) => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The behaviour of the n-th agent that starts (from 0): each five in a row show all five. */
export function behaviourOf(seed: string, order: number): Behaviour {
  const round = Math.floor(order / BEHAVIOURS.length);
  const behaviours = shuffled(BEHAVIOURS, chanceOf(`${seed}/behaviours/${round}`));
  return behaviours[order % BEHAVIOURS.length] ?? 'clean';
}
