import { describe, expect, test } from 'vitest';
import { CLEANUP_SOURCES } from '../../src/domain/cleanup.ts';
import { adviceFor, failureKind } from '../../src/report/advice.ts';
import { buildReport } from '../../src/report/build.ts';
import { cleanProof, isCleanPass } from '../../src/report/proof.ts';
import { at, cleanupRound, errorEvent, leftover, runInput } from './runs.ts';

const base = runInput({ ends: ['completed', 'failed'], workSeconds: 60, resourcesPerAgent: 2 });
const result = base.result ?? expect.unreachable();
const first = base.agents[0] ?? expect.unreachable();
const second = base.agents[1] ?? expect.unreachable();

describe('the proof', () => {
  const clean = cleanupRound(2, 90);

  test('two clean passes at the end prove it', () => {
    const proof = cleanProof([cleanupRound(1, 80, { found: 2 }), clean, cleanupRound(3, 100)]);
    expect(proof).toEqual({
      firstPassAt: at(90),
      provedAt: at(101),
      passes: 2,
      sources: CLEANUP_SOURCES.length,
    });
  });

  test.each([
    ['no round', []],
    ['one clean pass', [clean]],
    ['something new in between', [clean, cleanupRound(3, 100, { found: 1 }), cleanupRound(4, 110)]],
    [
      'a silent source in the last round',
      [clean, cleanupRound(3, 100), cleanupRound(4, 110, { silent: 'key-vault' })],
    ],
  ])('%s proves nothing', (_, rounds) => {
    expect(cleanProof(rounds)).toBeUndefined();
  });

  test.each(CLEANUP_SOURCES)('a round in which %s was not asked is not a clean pass', (forgotten) => {
    const evidence = clean.evidence.filter(({ source }) => source !== forgotten);
    expect(isCleanPass({ ...clean, evidence })).toBe(false);
  });

  test('a round that calls itself clean although a source saw something is not a clean pass', () => {
    expect(isCleanPass({ ...cleanupRound(1, 80, { found: 1 }), verdict: 'clean' })).toBe(false);
  });

  test('a clean-up that claims more than its evidence shows is reported as unknown', () => {
    const report = buildReport({ ...base, rounds: [cleanupRound(1, 80)] });
    expect(report.cleanup.status).toBe('unknown');
    expect(report.status).toBe('failed');
    expect(report.errors.map(({ message }) => message).join()).toContain('called verified');
  });

  test('"not needed" is not believed when the ledger has an entry', () => {
    const { result: _, ...unfinished } = base;
    const report = buildReport({ ...unfinished, run: { ...base.run, cleanupStatus: 'not_needed' } });
    expect(report.cleanup.status).toBe('unknown');
  });
});

describe('what was made and who removed it', () => {
  test('the agent, clean-up, and the group that took its content along', () => {
    const { list, created, removed, remaining } = buildReport(base).resources;
    expect({ created, removed, remaining }).toEqual({ created: 14, removed: 14, remaining: 0 });
    const by = (removedBy: string) => list.filter((resource) => resource.removedBy === removedBy).length;
    expect({ agent: by('agent'), cleanup: by('cleanup') }).toEqual({ agent: 3, cleanup: 11 });
    const withTheGroup = list.filter(
      ({ agentId, id }) => agentId === second.agentId && id.endsWith('hm1data'),
    );
    expect(withTheGroup).toMatchObject([{ removedAt: at(78), removedBy: 'cleanup' }]);
  });

  test('an intent that came to nothing is not counted; one that is still found is', () => {
    const intended = base.ledger.map((entry) => ({
      runId: entry.runId,
      agentId: entry.agentId,
      kind: entry.kind,
      id: entry.id,
      at: entry.at,
      source: entry.source,
      state: 'intended' as const,
    }));
    expect(buildReport({ ...base, ledger: intended }).resources.created).toBe(0);
    const found = {
      kind: 'deleted-application',
      id: first.agentId.toUpperCase(),
      source: 'entra-deleted-items',
    } as const;
    const report = buildReport({
      ...base,
      ledger: intended,
      rounds: [cleanupRound(1, 80, { leftovers: [found] })],
      result: { ...result, status: 'leftovers', remaining: 1 },
    });
    expect(report.resources).toMatchObject({ created: 1, removed: 0, remaining: 1 });
    expect(report.resources.list).toMatchObject([{ kind: 'application', state: 'remaining' }]);
  });

  test('an application is recognised by its object id', () => {
    const ledger = base.ledger.map((entry) =>
      entry.kind === 'application' ? { ...entry, directory: { objectId: `object-of-${entry.id}` } } : entry,
    );
    const found = {
      kind: 'deleted-application',
      id: `object-of-${first.agentId}`,
      source: 'entra-deleted-items',
    } as const;
    const report = buildReport({
      ...base,
      ledger,
      rounds: [cleanupRound(1, 80, { leftovers: [found] })],
      result: { ...result, status: 'leftovers', remaining: 1 },
    });
    expect(report.resources).toMatchObject({ created: 14, remaining: 1 });
  });

  test('a leftover is not gone, even when its agent said so', () => {
    const claimed = base.ledger.find(({ removedBy }) => removedBy === 'agent') ?? expect.unreachable();
    const seen = { kind: 'resource', id: claimed.id.toLowerCase(), source: 'arm-ledger' } as const;
    const report = buildReport({
      ...base,
      rounds: [cleanupRound(1, 80, { leftovers: [seen] })],
      result: { ...result, status: 'leftovers', remaining: 1 },
    });
    const entry = report.resources.list.find(({ id }) => id === claimed.id);
    expect(entry).toMatchObject({ state: 'remaining', removedAt: null, removedBy: null });
  });

  test('a removal that was begun is not called done while a source is silent', () => {
    const report = buildReport({
      ...base,
      rounds: [cleanupRound(1, 80, { silent: 'arm-ledger' })],
      result: { ...result, status: 'unknown', blindSources: ['arm-ledger'] },
    });
    expect(report.resources).toMatchObject({ created: 14, removed: 0, remaining: 0 });
  });

  test('beside a leftover, what a look at everything did not find is gone', () => {
    const ledger = base.ledger.map(({ removedAt: _at, removedBy: _by, ...entry }) => entry);
    const report = buildReport({
      ...base,
      ledger,
      rounds: [cleanupRound(1, 80, { leftovers: [leftover('vnet', first.agentId)] })],
      result: { ...result, status: 'leftovers', remaining: 1 },
    });
    expect(report.resources).toMatchObject({ created: 15, removed: 14, remaining: 1 });
    expect(report.resources.list.find(({ state }) => state === 'removed')).toMatchObject({
      removedAt: at(80),
      removedBy: null,
    });
  });

  test('a removal that was announced without a making is still counted', () => {
    const announced = base.ledger.find(({ removedBy }) => removedBy === 'agent') ?? expect.unreachable();
    const { at: _at, ...onlyRemoved } = { ...announced, id: `${announced.id}-early` };
    const ledger = [...base.ledger, onlyRemoved as typeof announced];
    const { list } = buildReport({ ...base, ledger }).resources;
    expect(list.find(({ id }) => id.endsWith('-early'))).toMatchObject({ createdAt: announced.removedAt });
  });

  test('without a proof, what nobody saw going is unknown', () => {
    const ledger = base.ledger.map(({ removedAt: _at, removedBy: _by, ...entry }) => ({
      ...entry,
      state: 'created' as const,
    }));
    const { result: _, ...unfinished } = base;
    const { created, removed, remaining, list } = buildReport({
      ...unfinished,
      ledger,
      rounds: [],
    }).resources;
    expect({ created, removed, remaining }).toEqual({ created: 14, removed: 0, remaining: 0 });
    expect(new Set(list.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });
});

describe('errors with advice', () => {
  test.each([
    ['ScopeLocked: cannot perform delete', 'lock'],
    ['RequestDisallowedByPolicy: tag missing', 'policy'],
    ['AADSTS7000222: the client secret keys are expired', 'credentials'],
    ['(403) AuthorizationFailed for roleAssignments/write', 'denied'],
    ['HTTP 429 TooManyRequests', 'throttled'],
    ['QuotaExceeded: 10 of 10 cores', 'quota'],
    ['MissingSubscriptionRegistration: Microsoft.App', 'provider'],
    ['MANIFEST_UNKNOWN: agent:1', 'image'],
    ['CONTAINER_IMAGE is missing', 'setting'],
    ['AnotherOperationInProgress', 'blocked'],
    ['connect ETIMEDOUT 10.0.0.1:443', 'unavailable'],
    ['exited with code 137', 'exit'],
    ['something entirely new', undefined],
  ])('%s is of the kind %s', (message, kind) => {
    expect(failureKind(message)).toBe(kind);
  });

  test('a message that no rule knows gets the advice of its place', () => {
    expect(adviceFor('something entirely new', 'Read the log.')).toBe('Read the log.');
  });

  test('the same error of an agent stands once; many different ones are cut off and counted', () => {
    const same = Array.from({ length: 12 }, (_, index) => errorEvent(first, 'disk full', at(20 + index)));
    const different = Array.from({ length: 40 }, (_, index) => errorEvent(first, `step ${index} went wrong`));
    const said = base.eventCounts[first.agentId] ?? expect.unreachable();
    const { errors } = buildReport({
      ...base,
      eventCounts: { [first.agentId]: { ...said, errors: [...same, ...different] } },
    });
    const messages = errors.filter(({ where }) => where === first.agentId).map(({ message }) => message);
    expect(messages).toContain('disk full (12 times)');
    expect(messages).toHaveLength(26);
    expect(messages.join()).toContain('16 more errors');
  });

  test('quarantine, a silent source, a lost agent and a broken phase are all said, in time order', () => {
    const lost = runInput({ ends: ['completed', 'lost'], workSeconds: 60 });
    const locked = leftover('vnet', first.agentId);
    const { errors } = buildReport({
      ...lost,
      run: { ...lost.run, error: 'check_agent_status_activity threw' },
      rounds: [cleanupRound(1, 80, { leftovers: [locked], silent: 'resource-graph' })],
      result: {
        ...result,
        status: 'unknown',
        quarantined: [{ kind: 'resource', id: locked.id, reason: 'ScopeLocked' }],
      },
    });
    const all = errors.map(({ message }) => message).join('\n');
    for (const part of [
      'Contact was lost',
      'check_agent_status_activity',
      'No answer from Resource Graph',
      'ScopeLocked',
    ]) {
      expect(all).toContain(part);
    }
    const times = errors.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(errors.every(({ advice }) => advice.length > 10)).toBe(true);
  });
});

test('the row that says "ended" is no phase of the report', () => {
  const phases = [...base.phases, { phase: 'ended' as const, startedAt: at(92), endedAt: at(92) }];
  expect(buildReport({ ...base, phases }).phases).toEqual(base.phases);
});

test('the same input makes the same report', () => {
  expect(buildReport(base)).toEqual(buildReport(structuredClone(base)));
});
