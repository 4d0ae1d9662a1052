import { describe, expect, test } from 'vitest';
import { type RunFacts, runStatus } from '../../src/report/status.ts';

const ok: RunFacts = {
  validationPassed: true,
  agents: [{ state: 'completed' }, { state: 'completed' }],
  cleanup: 'verified',
  stopRequested: false,
  broken: false,
  abandoned: false,
};
const agents = (...states: RunFacts['agents'][number]['state'][]) => ({
  agents: states.map((state) => ({ state })),
});

describe('the status of a run', () => {
  test.each<[string, Partial<RunFacts>, string]>([
    ['every agent completed and clean-up is verified', {}, 'completed'],
    [
      'an agent failed',
      { agents: [{ state: 'completed' }, { state: 'failed', startedAt: 'x' }] },
      'completed_with_failures',
    ],
    ['an agent was lost', agents('completed', 'lost'), 'completed_with_failures'],
    ['an agent never ended', agents('completed', 'running'), 'completed_with_failures'],
    ['one of two was undone', agents('completed', 'removed'), 'completed_with_failures'],
    [
      'all provisioned agents failed',
      { agents: [{ state: 'failed', provisionedAt: 'x' }] },
      'completed_with_failures',
    ],
    ['a phase threw', { broken: true }, 'completed_with_failures'],
    ['validation failed', { validationPassed: false, agents: [], cleanup: 'not_needed' }, 'failed'],
    ['no agent was planned', { agents: [] }, 'failed'],
    ['nothing could be provisioned', agents('removed', 'removed', 'provisioning', 'failed'), 'failed'],
    ['something is left', { cleanup: 'leftovers' }, 'failed'],
    ['nobody knows what is left', { cleanup: 'unknown' }, 'failed'],
    ['stopped, and clean', { stopRequested: true }, 'stopped'],
    [
      'stopped before anything was made',
      { stopRequested: true, agents: [], cleanup: 'not_needed' },
      'stopped',
    ],
    ['stopped, but not clean', { stopRequested: true, cleanup: 'leftovers' }, 'failed'],
    ['stopped, and nobody knows', { stopRequested: true, cleanup: 'unknown' }, 'failed'],
  ])('%s', (_, change, expected) => {
    expect(runStatus({ ...ok, ...change })).toBe(expected);
  });
});
