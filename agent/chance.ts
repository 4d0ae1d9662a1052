import { randomWords } from '../src/scenarios/random.ts';

/** A repeatable sequence of numbers in [0, 1). */
export type Chance = () => number;

/** The chance that belongs to a seed: the same on every machine and after every restart. */
export function chanceOf(seed: string): Chance {
  const words = randomWords(seed);
  return () => words.next().value / 2 ** 32;
}
