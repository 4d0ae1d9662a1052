import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUp, type Outcome, sumOf } from '../../src/domain/scenarioSums.ts';

const outcome = fc.record(
  {
    scenarioId: fc.constantFrom('compute-01', 'networking-01', 'security-01'),
    state: fc.constantFrom(
      'provisioning' as const,
      'running' as const,
      'completed' as const,
      'failed' as const,
      'lost' as const,
      'removed' as const,
    ),
    startedAt: fc.constantFrom('2026-11-21T06:00:00Z', '2026-11-21T09:00:00Z'),
    endedAt: fc.constantFrom('2026-11-21T08:00:00Z', '2026-11-21T12:30:00Z'),
  },
  { requiredKeys: ['scenarioId', 'state'] },
);

test('sums of parts are the sums of the whole', () => {
  fc.assert(
    fc.property(fc.array(outcome), fc.array(outcome), (some, others) => {
      expect(addUp([sumOf(some as Outcome[]), sumOf(others as Outcome[])])).toEqual(
        sumOf([...some, ...others] as Outcome[]),
      );
    }),
  );
});

test('an agent whose end is unknown, or before its start, has no duration', () => {
  const sums = sumOf([
    { scenarioId: 'compute-01', state: 'running', startedAt: '2026-11-21T06:00:00Z' },
    {
      scenarioId: 'compute-01',
      state: 'completed',
      startedAt: '2026-11-21T06:00:00Z',
      endedAt: '2026-11-21T08:00:00Z',
    },
    {
      scenarioId: 'compute-01',
      state: 'failed',
      startedAt: '2026-11-21T08:00:00Z',
      endedAt: '2026-11-21T06:00:00Z',
    },
  ]);
  expect(sums).toEqual({ 'compute-01': { agents: 3, completed: 1, failed: 1, hours: 2, timed: 1 } });
});
