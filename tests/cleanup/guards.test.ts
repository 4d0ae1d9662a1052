import { describe, expect, it } from 'vitest';
import { type GuardFacts, refusalOf } from '../../src/cleanup/guards.ts';
import type { Leftover } from '../../src/domain/cleanup.ts';
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import { runPrefix, tagsFor } from '../../src/domain/naming.ts';

const RUN = 'run-20261121T0600Z';
const OTHER = 'run-20261121T1200Z';
const groupId = (name: string) => `/subscriptions/s/resourceGroups/${name}`;
const ours = groupId(`${runPrefix(RUN)}compute-01`);
const tags = tagsFor({ runId: RUN, expiresOn: '' }, 'compute-01');
const otherTags = tagsFor({ runId: OTHER, expiresOn: '' }, 'compute-01');

const facts: GuardFacts = { runId: RUN, ledger: [], protectedGroups: new Set(['rg-haymaker']) };
const group = (id: string): Leftover => ({ kind: 'resource-group', id, source: 'arm-groups' });
const resource = (id: string): Leftover => ({ kind: 'resource', id, source: 'resource-graph' });
const entry = (change: Partial<LedgerEntry>): LedgerEntry => ({
  runId: RUN,
  agentId: 'a',
  kind: 'resource-group',
  id: ours,
  state: 'created',
  source: 'orchestrator',
  at: '',
  ...change,
});

describe('a group may be deleted', () => {
  it('when it carries the managed tag and the run, or when the ledger says that we made it', () => {
    expect(refusalOf(group(ours), { ...facts, tags })).toBeUndefined();
    expect(refusalOf(group(ours), { ...facts, tags: {}, ledger: [entry({})] })).toBeUndefined();
  });

  it('when Azure made it for a resource of the run', () => {
    const managedBy = `${ours}/providers/Microsoft.ContainerService/managedClusters/c`;
    expect(refusalOf({ ...group(groupId('MC_c')), managedBy }, { ...facts, tags: {} })).toBeUndefined();
  });

  it.each([
    ['it has only the name', {}, []],
    ['another run is in its tags', otherTags, []],
    ['it was meant to be made, and somebody else had made it before', {}, [entry({ state: 'intended' })]],
    ['only an agent speaks of it', {}, [entry({ source: 'agent' })]],
    ['it has our run and not the managed tag', { RunId: RUN }, []],
  ])('but not when %s', (_, given, ledger) => {
    expect(refusalOf(group(ours), { ...facts, tags: given, ledger })).toMatch(/nothing proves/);
  });

  it('never when it is protected, however clearly it is ours', () => {
    expect(refusalOf(group(groupId('RG-HayMaker')), { ...facts, tags })).toMatch(/protected/);
    expect(
      refusalOf(resource(`${groupId('rg-haymaker')}/providers/Microsoft.Web/sites/s`), { ...facts, tags }),
    ).toMatch(/protected/);
  });

  it.each([
    ['true', true],
    ['', true],
    ['because I say so', true],
    ['false', false],
    ['False', false],
  ])('never with a tag DoNotDelete=%j (refused: %s)', (value, refused) => {
    const kept = { ...tags, donotdelete: value };
    expect(refusalOf(group(ours), { ...facts, tags: kept }) !== undefined).toBe(refused);
    const inIt = resource(`${ours}/providers/Microsoft.Web/sites/s`);
    expect(refusalOf(inIt, { ...facts, tags, groupTags: kept }) !== undefined).toBe(refused);
  });
});

describe('anything else may be deleted', () => {
  it('a resource by its own tags or by those of its group', () => {
    const elsewhere = resource(`${groupId('somewhere')}/providers/Microsoft.Web/sites/s`);
    expect(refusalOf(elsewhere, { ...facts, tags })).toBeUndefined();
    expect(refusalOf(elsewhere, { ...facts, tags: otherTags })).toMatch(/nothing proves/);
    expect(refusalOf(elsewhere, facts)).toMatch(/nothing proves/);
    const inOurs = resource(`${ours}/providers/Microsoft.Web/sites/s`);
    expect(refusalOf(inOurs, { ...facts, tags: {}, groupTags: tags })).toBeUndefined();
    expect(refusalOf(inOurs, { ...facts, ledger: [entry({})] })).toBeUndefined();
  });

  it('ancestor 43: of two runs with the same scenario, neither job nor secret of the other', () => {
    const named = (run: string, kind: 'job' | 'secret' | 'deleted-secret'): Leftover => ({
      kind,
      id: `${runPrefix(run)}compute-01`,
      source: 'key-vault',
    });
    for (const kind of ['job', 'secret', 'deleted-secret'] as const) {
      expect(refusalOf(named(RUN, kind), facts)).toBeUndefined();
      expect(refusalOf(named(OTHER, kind), facts)).toMatch(/nothing proves/);
    }
    expect(refusalOf({ kind: 'secret', id: 'anthropic-api-key', source: 'key-vault' }, facts)).toBeDefined();
  });

  it('ancestor 36: an application only as Entra found it by our tag or name, never by what another source says', () => {
    const application = { kind: 'application', id: 'object-id' } as const;
    expect(refusalOf({ ...application, source: 'entra-applications' }, facts)).toBeUndefined();
    expect(refusalOf({ ...application, source: 'resource-graph' }, facts)).toBeDefined();
  });
});
