import type { ScenarioStep } from '../src/scenarios/document.ts';
import { chanceOf } from './chance.ts';

/** Cadences in scenarios are meant for a run of eight hours (scenarios/README.md). */
const DAY_MS = 8 * 3_600_000;
/** In short windows a repeated step keeps at least this distance to itself. */
const SHORTEST_INTERVAL_MS = 10_000;
const JITTER = 0.15;

/** One performance of a step of phase 2: which step, the how many-th time (from 0), and when. */
export interface Occurrence {
  readonly step: number;
  readonly number: number;
  /** Milliseconds after the beginning of the operations. */
  readonly dueMs: number;
}

/**
 * When the steps of phase 2 are performed in a window of `windowMs`. Steps without a cadence come once, in the order of
 * the document, spread over the window; the others repeat. A window shorter than the day that scenarios are written for
 * shortens the cadences by the same measure. Everything has a jitter that depends on the seed alone, so that a restarted
 * agent finds the plan that it had.
 */
export function planOperations(steps: readonly ScenarioStep[], windowMs: number, seed: string): Occurrence[] {
  const pace = Math.min(1, windowMs / DAY_MS);
  const once = steps.filter((step) => step.everySeconds === undefined).length;
  const distance = windowMs / (once + 1);
  let position = 0;
  let previousOnce = 0;
  const occurrences = steps.flatMap((step, index) => {
    const chance = chanceOf(`${seed}/${index}`);
    const jitter = (range: number) => (chance() * 2 - 1) * JITTER * range;
    if (step.everySeconds === undefined) {
      position += 1;
      previousOnce = Math.round((position - 0.5) * distance + jitter(distance));
      return [{ step: index, number: 0, dueMs: previousOnce }];
    }
    const interval = Math.max(step.everySeconds * 1_000 * pace, SHORTEST_INTERVAL_MS);
    // It may look at what the steps before it in the document have made.
    const first = Math.max(previousOnce, chance() * interval * 0.5);
    const count = Math.max(1, Math.ceil((windowMs - first) / interval));
    return Array.from({ length: count }, (_, number) => ({
      step: index,
      number,
      dueMs: Math.round(first + number * interval + (number === 0 ? 0 : jitter(interval))),
    }));
  });
  return occurrences.sort((a, b) => a.dueMs - b.dueMs || a.step - b.step);
}

/** What to do now: perform something, wait for the next, or stop because nothing is left. */
export type NextMove =
  | { readonly kind: 'perform'; readonly occurrence: Occurrence; readonly skipped: readonly Occurrence[] }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'done' };

/**
 * Chooses among the occurrences that have not been consumed (`consumed[step]` counts them). When several are due, first
 * performances go before repetitions, and of a repetition that is late several times over only the last is performed;
 * the others come back as skipped.
 */
export function nextMove(
  plan: readonly Occurrence[],
  consumed: readonly number[],
  elapsedMs: number,
): NextMove {
  const open = plan.filter(({ step, number }) => number >= (consumed[step] ?? 0));
  const [soonest] = open;
  if (!soonest) return { kind: 'done' };
  const due = open.filter(({ dueMs }) => dueMs <= elapsedMs);
  const chosen = due.find(({ number }) => number === 0) ?? due[0];
  if (!chosen) return { kind: 'wait', untilMs: soonest.dueMs };
  const same = due.filter(({ step }) => step === chosen.step);
  const occurrence = same.at(-1) ?? chosen;
  return { kind: 'perform', occurrence, skipped: same.filter((each) => each !== occurrence) };
}
