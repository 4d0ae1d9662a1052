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
  expect(totalsOf(buildReport(input))).toEqual({ byScenario: expect.any(Object) });
});

test('a run keeps how its agents fared, unless there are more scenarios than a column holds', () => {
  const report = buildReport(runInput({ ends: ['completed', 'failed'], workSeconds: 60 }));
  const sums = Object.values(totalsOf(report).byScenario ?? {});
  expect(sums.map(({ agents, completed, failed }) => [agents, completed, failed])).toEqual([
    [1, 1, 0],
    [1, 0, 1],
  ]);
  const [agent] = report.agents;
  if (!agent) throw new Error('a run without agents');
  const agents = Array.from({ length: 500 }, (_, n) => ({ ...agent, scenarioId: `some-scenario-${n}` }));
  expect(totalsOf({ ...report, agents })).not.toHaveProperty('byScenario');
});
