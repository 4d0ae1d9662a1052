import { describe, expect, it } from 'vitest';
import { killCase } from '../../local/torture/cases.ts';
import { failed, judge, type Left, type Observation, type Said } from '../../local/torture/judge.ts';

const GROUP: Left = { kind: 'resource', id: '/subscriptions/s/resourceGroups/hm-1-a', name: 'hm-1-a' };
const INSIDE: Left = { kind: 'resource', id: `${GROUP.id}/providers/X/y/z`, name: 'z' };
const PROBE: Left = { kind: 'secret', id: 'hm-1-probe-2', name: 'hm-1-probe-2' };

const said = (change: Partial<Said> = {}): Said => ({
  status: 'completed',
  cleanupStatus: 'verified',
  named: [],
  errors: [],
  blind: [],
  ...change,
});

const seen = (change: Partial<Observation> = {}): Observation => ({
  case: killCase(1),
  runId: 'r',
  ended: 'Completed',
  said: said(),
  leftAfterRun: [],
  leftInTheEnd: [],
  doubles: [],
  secondsToClean: 1,
  totalSeconds: 2,
  ...change,
});

const wrongs = (one: Observation) => Object.entries(judge(one)).flatMap(([what, is]) => (is ? [what] : []));

describe('the judgement of a case', () => {
  it('has nothing against a run that is clean and says so', () => {
    expect(failed(judge(seen()))).toBe(false);
  });

  it.each([
    ['verified, and something is left', { leftAfterRun: [GROUP] }, ['falseClean']],
    [
      'left even after the janitor',
      { said: said({ cleanupStatus: 'unknown', blind: ['x'] }), leftInTheEnd: [GROUP] },
      ['leak'],
    ],
    ['made twice', { doubles: ['2 × job'] }, ['double']],
    ['never ended', { ended: 'stuck' }, ['stuck']],
    [
      'unclean, and what is left is not named',
      { said: said({ cleanupStatus: 'leftovers' }), leftAfterRun: [GROUP] },
      ['silent'],
    ],
    [
      'unknown, but no source is named',
      { said: said({ cleanupStatus: 'unknown' }), leftAfterRun: [GROUP] },
      ['silent'],
    ],
    [
      'not needed, and an unnamed probe is left',
      { said: said({ cleanupStatus: 'not_needed' }), leftAfterRun: [PROBE] },
      ['falseClean'],
    ],
    ['could not be performed', { broken: 'the host is gone' }, ['broken']],
  ])('%s', (_what, change, expected) => {
    expect(wrongs(seen(change))).toEqual(expected);
  });

  it.each([
    [
      'leftovers named by id, whatever their case',
      said({ cleanupStatus: 'leftovers', named: [GROUP.id.toUpperCase()] }),
    ],
    ['unknown, with the blind source', said({ cleanupStatus: 'unknown', blind: ['resource-graph'] })],
  ])('accepts %s', (_what, words) => {
    expect(wrongs(seen({ said: words, leftAfterRun: [GROUP, INSIDE] }))).toEqual([]);
  });

  it('wants to know why a run broke off, unless somebody terminated it', () => {
    const { said: _, ...mute } = seen();
    expect(wrongs({ ...mute, ended: 'Failed' })).toEqual(['silent']);
    expect(wrongs({ ...mute, ended: 'Failed', failure: 'writing blob x: 403' })).toEqual([]);
    expect(wrongs({ ...mute, ended: 'Terminated' })).toEqual([]);
  });

  it('accepts a probe that the failed check names', () => {
    const words = said({ cleanupStatus: 'not_needed', errors: [`purging secret ${PROBE.name}: 403`] });
    expect(wrongs(seen({ said: words, leftAfterRun: [PROBE] }))).toEqual([]);
  });
});
