import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/api/metrics.ts';
import { type Outcome, sumOf } from '../../src/domain/scenarioSums.ts';
import type { ListedRun } from '../../src/records/runs.ts';

const run = (change: Partial<ListedRun>): ListedRun => ({
  runId: 'r',
  trigger: 'timer',
  phase: 'ended',
  status: 'completed',
  cleanupStatus: 'verified',
  startedAt: '2026-11-21T06:00:00Z',
  completedAt: '2026-11-21T14:00:00Z',
  scenarios: ['compute-01'],
  resourcesCreated: 10,
  leakedResources: 0,
  ...change,
});
const agent = (change: Partial<Outcome>): Outcome => ({
  scenarioId: 'compute-01',
  state: 'completed',
  startedAt: '2026-11-21T06:00:00Z',
  endedAt: '2026-11-21T08:00:00Z',
  ...change,
});
const of = (runs: ListedRun[], agents: Outcome[] = []) =>
  summarize({ period: '7d', runs, sums: sumOf(agents), liveResources: 0 });

describe('metrics', () => {
  test('of nothing are zeros, and null where there is nothing to divide by', () => {
    expect(of([])).toEqual({
      total_executions: 0,
      active_agents: 0,
      total_resources: 0,
      success_rate: 0,
      last_execution: null,
      period: '7d',
      scenarios: [],
      cleanup_success_rate: null,
      leaked_resources: 0,
      avg_run_hours: null,
    });
  });

  test('count a run as a success only when its clean-up was verified', () => {
    const runs = [
      run({}),
      run({ status: 'stopped' }),
      run({ status: 'failed', cleanupStatus: 'leftovers', leakedResources: 2 }),
      run({ status: 'failed', cleanupStatus: 'not_needed', resourcesCreated: 0 }),
    ];
    expect(of(runs)).toMatchObject({
      total_executions: 4,
      success_rate: 0.5,
      cleanup_success_rate: 0.6667,
      leaked_resources: 2,
      total_resources: 30,
      avg_run_hours: 8,
    });
  });

  test('leave runs that are at work out of the rates', () => {
    const { completedAt, ...begun } = run({ status: 'running', cleanupStatus: 'pending' });
    expect(of([begun, run({})])).toMatchObject({ total_executions: 2, success_rate: 1, avg_run_hours: 8 });
  });

  test('tell scenarios apart', () => {
    const agents = [
      agent({}),
      agent({ state: 'lost', endedAt: '2026-11-21T10:00:00Z' }),
      agent({ scenarioId: 'networking-01', state: 'running' }),
    ];
    expect(of([], agents)).toMatchObject({
      active_agents: 1,
      scenarios: [
        { scenario_name: 'compute-01', run_count: 2, success_count: 1, fail_count: 1, avg_duration_hours: 3 },
        { scenario_name: 'networking-01', run_count: 1, success_count: 0, fail_count: 0 },
      ],
    });
  });
});
