import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.ts';
import { totalsOf } from '../../src/report/totals.ts';
import { cleanupRound, runInput } from './runs.ts';

test('a clean run says how long it took to be clean, and what its scenarios cost', () => {
  const input = runInput({ ends: ['completed', 'removed'], workSeconds: 60 });
  const [first, second] = input.agents.map(({ scenarioId }) => scenarioId);
  const estimatedCostUsd = { [first ?? '']: 1.25, [second ?? '']: 9 };
  const totals = totalsOf(buildReport({ ...input, estimatedCostUsd }));
  // The clean-up begins at 70 s, its last answers come with the round at 90 s; what was undone cost nothing.
  expect(totals.cleanSeconds).toBeGreaterThanOrEqual(20);
  expect(totals.cleanSeconds).toBeLessThan(30);
  expect(totals.estimatedCostUsd).toBe(1.25);
});

test('a run that is not proven clean was never clean; without estimates there is no cost', () => {
  const input = runInput({ ends: ['completed'], workSeconds: 60, rounds: [cleanupRound(1, 80)] });
  expect(totalsOf(buildReport(input))).toEqual({});
});
