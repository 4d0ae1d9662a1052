import { describe, expect, test } from 'vitest';
import { applicationDisplayName, stem, tagsFor } from '../../src/domain/naming.ts';
import { attribute, type Find } from '../../src/janitor/finds.ts';

const find = (name: string, tags: Record<string, string> = {}): Find => ({
  source: 'arm-groups',
  id: `/${name}`,
  name,
  tags,
});
const ours = (runId: string, expiresOn = '2026-11-21T12:00:00.000Z') =>
  tagsFor({ runId, expiresOn }, 'compute-01');

describe('whose is what was found', () => {
  test('what carries the managed tag and a run id is that run’s, until the latest of its leases is over', () => {
    const { runs, foreign } = attribute(
      [
        find('a', ours('r1')),
        find('b', ours('r1', '2026-11-21T14:00:00.000Z')),
        find('c', ours('r1', 'tomorrow')),
        find('d', ours('r2')),
      ],
      [],
    );
    expect(runs).toEqual([
      { runId: 'r1', things: 3, expiresOn: '2026-11-21T14:00:00.000Z' },
      { runId: 'r2', things: 1, expiresOn: '2026-11-21T12:00:00.000Z' },
    ]);
    expect(foreign).toEqual([]);
  });

  test.each([
    ['the books know', [], ['r1']],
    ['another thing’s tag names', [find('a', ours('r1'))], []],
  ])('a name with the key of a run that %s is that run’s', (_what, others, known) => {
    const named = [find(stem('r1', 'compute-01')), find(applicationDisplayName('r1', 'compute-01'))];
    const { runs, foreign } = attribute([...others, ...named], known);
    expect(runs.map(({ runId, things }) => [runId, things])).toEqual([['r1', others.length + 2]]);
    expect(foreign).toEqual([]);
  });

  test.each([
    ['a name with a key that nobody knows', find(stem('nobody', 'compute-01'))],
    ['a name with the prefix only', find('hm-archive')],
    ['the managed tag without a run id', find('x', { 'AzureHayMaker-managed': 'true' })],
    ['a run id without the managed tag', find('x', { RunId: 'r1' })],
    ['a managed tag that says false', find('x', { 'AzureHayMaker-managed': 'false', RunId: 'r1' })],
    ['a run id that can be none', find('x', { 'AzureHayMaker-managed': 'true', RunId: '../../etc' })],
  ])('foreign is %s', (_what, thing) => {
    expect(attribute([thing], ['r1'])).toEqual({ runs: [], foreign: [thing] });
  });

  test('names of tags are read in any case', () => {
    const { runs } = attribute([find('x', { 'azurehaymaker-MANAGED': 'True', runid: 'r1' })], []);
    expect(runs).toEqual([{ runId: 'r1', things: 1 }]);
  });
});
