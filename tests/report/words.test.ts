import { describe, expect, test } from 'vitest';
import type { AgentRecord } from '../../src/domain/agent.ts';
import type { ReportInput } from '../../src/report/build.ts';
import { buildReport } from '../../src/report/build.ts';
import { durationWords, enumerate, momentWords, roughDuration } from '../../src/report/units.ts';
import { agentOutcome, headline } from '../../src/report/words.ts';
import { at, CHECKS, cleanupRound, leftover, runInput, START } from './runs.ts';

const three = runInput({ ends: ['completed', 'completed', 'completed'], workSeconds: 60 });
const vnet = leftover('vnet', three.agents[0]?.agentId ?? '');
const verified = three.result ?? expect.unreachable();
const { plan: _plan, result: _result, ...unplanned } = three;
const failedChecks = CHECKS.map((check, index) => ({ ...check, passed: index > 1 }));
const nothingMade = { agents: [], ledger: [], eventCounts: {}, rounds: [] };

describe('the outcome in words', () => {
  test.each<[string, ReportInput, string, string]>([
    [
      'a good run',
      runInput({ ends: Array(5).fill('completed'), workSeconds: 60 }),
      '5 agents ran for 1 min; 31 resources were made; all are gone, proved at 14:31 UTC by 12 sources in 2 consecutive passes.',
      'Completed. Nothing is left.',
    ],
    [
      'one agent, proved on the next day',
      runInput({ ends: ['completed'], workSeconds: 10 * 3_600, resourcesPerAgent: 0 }),
      '1 agent ran for 10 h; 5 resources were made; all are gone, proved at 22 Nov 2026 00:30 UTC by 12 sources in 2 consecutive passes.',
      'Completed. Nothing is left.',
    ],
    [
      'every bad end',
      runInput({
        ends: ['completed', 'failed', 'lost', 'running', 'removed'],
        workSeconds: 8 * 3_600,
        resourcesPerAgent: 0,
      }),
      '4 agents ran for 8 h (1 failed, 1 lost contact, 1 did not end by itself and 1 could not be provisioned); 25 resources were made; all are gone, proved at 22:30 UTC by 12 sources in 2 consecutive passes.',
      'Completed with failures. Nothing is left.',
    ],
    [
      'failed validation',
      {
        ...unplanned,
        ...nothingMade,
        run: { ...three.run, cleanupStatus: 'not_needed' },
        checks: failedChecks,
      },
      'Nothing was started, because 2 of 9 checks failed (target-credentials and subscription); there is nothing to remove.',
      'Failed. Nothing was made.',
    ],
    [
      'nothing could be provisioned',
      runInput({ ends: ['removed', 'removed'], workSeconds: 0, resourcesPerAgent: 0 }),
      'None of 2 agents could be provisioned; 10 resources were made; all are gone, proved at 14:30 UTC by 12 sources in 2 consecutive passes.',
      'Failed. Nothing is left.',
    ],
    [
      'a leftover that nobody announced',
      {
        ...three,
        rounds: [cleanupRound(1, 80, { leftovers: [vnet] })],
        result: { ...verified, status: 'leftovers', rounds: 20, remaining: 1 },
      },
      '3 agents ran for 1 min; 19 resources were made; 1 is still there after 20 rounds of clean-up.',
      'Something is left behind.',
    ],
    [
      'a silent source',
      {
        ...three,
        rounds: [cleanupRound(1, 80, { silent: 'key-vault' })],
        result: { ...verified, status: 'unknown', blindSources: ['key-vault'] },
      },
      '3 agents ran for 1 min; 18 resources were made; it is not known whether all are gone: no answer from Key Vault in the last round.',
      'Not known to be clean.',
    ],
    [
      'a clean-up that never finished',
      { ...unplanned, rounds: [] },
      '3 agents ran for 1 min; 18 resources were made; it is not known whether all are gone: the clean-up did not finish.',
      'Not known to be clean.',
    ],
    [
      'stopped on request',
      { ...three, stop: { at: at(45), reason: 'maintenance' } },
      'Stopped on request at 14:30 UTC (maintenance). 3 agents ran for 1 min; 18 resources were made; all are gone, proved at 14:31 UTC by 12 sources in 2 consecutive passes.',
      'Stopped on request. Nothing is left.',
    ],
  ])('%s', (_, input, summary, verdict) => {
    const report = buildReport(input);
    expect(report.summary).toBe(summary);
    expect(headline(report)).toBe(verdict);
  });
});

describe('how an agent ended, in words', () => {
  const agent = three.agents[0] ?? expect.unreachable();
  test.each<[Partial<AgentRecord>, boolean, string]>([
    [{}, true, 'Finished its work and cleaned up after itself.'],
    [{}, false, 'Finished its work; HayMaker cleaned up after it.'],
    [{ state: 'failed', error: 'exit code 3' }, false, 'Failed: exit code 3.'],
    [{ state: 'lost', lastHeardAt: at(60) }, false, 'Contact was lost, last heard at 14:31 UTC.'],
    [{ state: 'removed', error: 'No quota.' }, false, 'Could not be provisioned and was undone: No quota.'],
    [{ state: 'running' }, false, 'Still at work when the run ended; it was removed by clean-up.'],
    [{ state: 'provisioning' }, false, 'Was not ready when the run ended.'],
  ])('%o', (change, cleanedUp, words) => {
    expect(agentOutcome({ ...agent, ...change }, cleanedUp, START)).toBe(words);
  });
});

describe('units', () => {
  test.each([
    [0, '0 s'],
    [59.6, '1 min'],
    [65, '1 min 5 s'],
    [599, '9 min 59 s'],
    [754, '13 min'],
    [3_600, '1 h'],
    [29_100, '8 h 5 min'],
    [97_200, '1 d 3 h'],
    [-4, '0 s'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });

  test('a sentence drops the seconds', () => {
    expect(roughDuration(63)).toBe('1 min');
    expect(roughDuration(42)).toBe('42 s');
  });

  test('lists read as English, and what is not a time is shown as it is', () => {
    expect(enumerate(['a', 'b', 'c'])).toBe('a, b and c');
    expect(enumerate([])).toBe('');
    expect(momentWords('yesterday', START)).toBe('yesterday yesterday UTC');
  });
});
