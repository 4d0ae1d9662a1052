import { describe, expect, it } from 'vitest';
import { distinct, verdictOf } from '../../src/activities/verifyCleanup.ts';
import { outermost } from '../../src/cleanup/sources.ts';
import { CLEANUP_SOURCES, type Evidence, type Leftover } from '../../src/domain/cleanup.ts';
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import { runPrefix } from '../../src/domain/naming.ts';

const RUN = 'run-20261121T0600Z';
const group = `/subscriptions/s/resourceGroups/${runPrefix(RUN)}compute-01`;
const answered: Evidence[] = CLEANUP_SOURCES.map((source) => ({
  source,
  askedAt: '',
  outcome: 'answered',
  found: 0,
}));
const left: Leftover = {
  kind: 'resource',
  id: `${group}/providers/Microsoft.Network/virtualNetworks/v`,
  source: 'resource-graph',
};
const entry = (kind: LedgerEntry['kind'], id: string): LedgerEntry => ({
  runId: RUN,
  agentId: 'a',
  kind,
  id,
  state: 'created',
  source: 'orchestrator',
  at: '',
});

describe('the verdict', () => {
  it('is clean only when every source answered and none saw anything', () => {
    expect(verdictOf(answered, [])).toBe('clean');
  });

  it.each(CLEANUP_SOURCES)('is unknown when %s failed, however empty the others are', (blind) => {
    const evidence = answered.map((e): Evidence => (e.source === blind ? { ...e, outcome: 'failed' } : e));
    expect(verdictOf(evidence, [])).toBe('unknown');
  });

  it.each(CLEANUP_SOURCES)('is unknown when %s was not asked at all', (missing) => {
    expect(
      verdictOf(
        answered.filter((e) => e.source !== missing),
        [],
      ),
    ).toBe('unknown');
  });

  it('is leftovers when something was seen, whoever was blind', () => {
    const evidence = answered.map((e): Evidence => ({ ...e, outcome: 'failed' }));
    expect(verdictOf(evidence, [left])).toBe('leftovers');
  });
});

describe('what several sources see', () => {
  it('counts once, whatever the case of its id, and is being deleted when one says so', () => {
    const again: Leftover = { ...left, id: left.id.toUpperCase(), source: 'arm-ledger', deleting: true };
    expect(distinct([left, again])).toHaveLength(1);
    expect(distinct([left, again])[0]?.deleting).toBe(true);
    expect(distinct([again, left])[0]?.deleting).toBe(true);
  });
});

describe('the ledger asked by id', () => {
  it('leaves out what lies in one of its groups, and what is no ARM id', () => {
    const inGroup = entry('role-assignment', `${group}/providers/Microsoft.Authorization/roleAssignments/1`);
    const outside = entry(
      'job',
      '/subscriptions/s/resourceGroups/rg-haymaker/providers/Microsoft.App/jobs/j',
    );
    const ids = outermost([entry('resource-group', group), inGroup, outside, entry('secret', 'hm-x')]).map(
      (e) => e.id,
    );
    expect(ids).toEqual([group, outside.id]);
  });

  it('leaves out what lies in a group that ARM’s list shows, whatever the case of its id', () => {
    const inGroup = entry('resource', `${group}/providers/Microsoft.Network/virtualNetworks/v`);
    const upper = { ...inGroup, id: inGroup.id.replace('resourceGroups', 'RESOURCEGROUPS') };
    expect(outermost([inGroup, upper], new Set([group.toLowerCase()]))).toEqual([]);
    expect(outermost([inGroup], new Set([`${group.toLowerCase()}2`]))).toEqual([inGroup]);
    expect(outermost([inGroup])).toEqual([inGroup]);
  });
});
