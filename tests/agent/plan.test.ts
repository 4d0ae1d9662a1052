import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextMove, type Occurrence, planOperations } from '../../agent/plan.ts';
import type { ScenarioStep } from '../../src/scenarios/document.ts';

const step = (title: string, everySeconds?: number): ScenarioStep => ({
  title,
  script: 'true\n',
  line: 1,
  ...(everySeconds === undefined ? {} : { everySeconds }),
});
const STEPS = [step('read', 1_800), step('first'), step('second'), step('look', 7_200), step('third')];
const HOUR = 3_600_000;
const timesOf = (plan: readonly Occurrence[], index: number) => plan.filter(({ step }) => step === index);

describe('the plan of a day', () => {
  it('repeats what has a cadence, and spreads the rest over the day in order', () => {
    const plan = planOperations(STEPS, 8 * HOUR, 'agent');
    expect(timesOf(plan, 0).length).toBeGreaterThanOrEqual(15);
    expect(timesOf(plan, 3)).toHaveLength(3);
    const once = [1, 2, 4].map((index) => timesOf(plan, index)[0]?.dueMs ?? Number.NaN);
    expect(once).toEqual(once.toSorted((a, b) => a - b));
    expect(once.at(-1)).toBeGreaterThan(4 * HOUR);
  });

  it('repeats a step only from the step before it in the document on', () => {
    const plan = planOperations(STEPS, 8 * HOUR, 'agent');
    expect(timesOf(plan, 3)[0]?.dueMs).toBeGreaterThanOrEqual(timesOf(plan, 2)[0]?.dueMs ?? Number.NaN);
  });

  it('shrinks to a short window, and keeps a distance between repetitions', () => {
    const plan = planOperations(STEPS, 60_000, 'agent');
    expect(new Set(plan.map(({ step }) => step)).size).toBe(STEPS.length);
    expect(timesOf(plan, 0).length).toBeLessThanOrEqual(6);
    expect(plan.every(({ dueMs }) => dueMs >= 0 && dueMs < 70_000)).toBe(true);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(planOperations(STEPS, HOUR, 'a')).toEqual(planOperations(STEPS, HOUR, 'a'));
    expect(planOperations(STEPS, HOUR, 'a')).not.toEqual(planOperations(STEPS, HOUR, 'b'));
  });

  it('holds every occurrence once, whatever the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * HOUR }), fc.string(), (windowMs, seed) => {
        const plan = planOperations(STEPS, windowMs, seed);
        expect(new Set(plan.map(({ step, number }) => `${step}/${number}`)).size).toBe(plan.length);
        expect(new Set(plan.map(({ step }) => step)).size).toBe(STEPS.length);
      }),
    );
  });
});

describe('the next move', () => {
  const plan: Occurrence[] = [
    { step: 0, number: 0, dueMs: 10 },
    { step: 0, number: 1, dueMs: 20 },
    { step: 1, number: 0, dueMs: 25 },
    { step: 0, number: 2, dueMs: 30 },
  ];

  it('waits for what is not due', () => {
    expect(nextMove(plan, [], 5)).toEqual({ kind: 'wait', untilMs: 10 });
  });

  it('prefers what was never performed to a repetition', () => {
    expect(nextMove(plan, [1, 0], 40)).toMatchObject({ kind: 'perform', occurrence: { step: 1 } });
  });

  it('performs the last of several late repetitions, and says what it skipped', () => {
    expect(nextMove(plan, [1, 1], 40)).toEqual({
      kind: 'perform',
      occurrence: plan[3],
      skipped: [plan[1]],
    });
  });

  it('ends when everything is consumed', () => {
    expect(nextMove(plan, [3, 1], 40)).toEqual({ kind: 'done' });
  });
});
