import { createHash } from 'node:crypto';

/**
 * How an agent ends.
 * - `clean`: removes what it made and says so.
 * - `leaves`: says that it is done, but leaves some of its things.
 * - `crashes`: exits with 1 half-way, without a last word.
 * - `hangs`: goes silent past the end and does not heed SIGTERM.
 * - `deaf`: works on past the end; its SIGTERM gets lost.
 */
export const ORDINARY_BEHAVIOURS = ['clean', 'leaves', 'crashes', 'hangs', 'deaf'] as const;

/**
 * What a well-meant agent never does; chosen by name only.
 * - `untagged`: makes its things without tags, and leaves them.
 * - `outside`: tries to make things outside its group.
 * - `late`: goes on making new things after its end; its SIGTERM gets lost.
 */
const ROGUE_BEHAVIOURS = ['untagged', 'outside', 'late'] as const;

/** `quiet`: does and says nothing until it is ended, so that a bench of hundreds of agents measures the app alone. */
export const BEHAVIOURS = [...ORDINARY_BEHAVIOURS, ...ROGUE_BEHAVIOURS, 'quiet'] as const;
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
  const round = Math.floor(order / ORDINARY_BEHAVIOURS.length);
  const behaviours = shuffled(ORDINARY_BEHAVIOURS, chanceOf(`${seed}/behaviours/${round}`));
  return behaviours[order % ORDINARY_BEHAVIOURS.length] ?? 'clean';
}
