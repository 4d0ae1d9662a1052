import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStorage, type Storage } from '../../src/azure/storage.ts';
import { listFilter, newestFirst, startOfKey } from '../../src/records/list.ts';
import { createRecords, type Records } from '../../src/records/records.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

let azurite: Azurite;
let storage: Storage;
let records: Records;

const RUNS = [
  { id: 'run-a', startedAt: '2026-11-20T00:00:00.000Z' },
  { id: 'run-b', startedAt: '2026-11-20T06:00:00.000Z' },
  { id: 'run-b-2', startedAt: '2026-11-20T06:00:00.000Z' },
  { id: 'run-c', startedAt: '2026-11-21T00:00:00.000Z' },
];

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage({ connectionString: azurite.connectionString });
  records = createRecords(storage);
  for (const { id, startedAt } of RUNS) {
    const begun = {
      trigger: 'timer',
      status: 'running',
      cleanupStatus: 'pending',
      startedAt,
      scenarios: [],
    } as const;
    await records.runs.save(id, begun);
    await records.runs.save(id, begun);
    for (const scenarioId of ['compute-01', 'networking-01']) {
      const agent = { scenarioId, title: scenarioId, area: 'Compute' };
      await records.agents.save(id, `${id}-${scenarioId}`, { ...agent, state: 'provisioning' });
      await records.agents.save(id, `${id}-${scenarioId}`, { lastMessage: 'working' });
    }
  }
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

describe('a key', () => {
  test('sorts later runs first and gives the start back', () => {
    const starts = RUNS.map(({ startedAt }) => startedAt);
    const sorted = [...new Set(starts)].map(newestFirst).sort().map(startOfKey);
    expect(sorted).toEqual([...new Set(starts)].sort().reverse());
  });

  test('is not made of what is no instant', () => {
    expect(() => newestFirst('yesterday')).toThrow(RangeError);
  });
});

test('a filter quotes what it is given', () => {
  expect(listFilter('T', { where: { a: "x' or a ne '", b: undefined }, anyOf: { c: ['1', '2'] } })).toBe(
    "PartitionKey eq 'T' and a eq 'x'' or a ne ''' and (c eq '1' or c eq '2')",
  );
});

describe('runs', () => {
  test('come newest first, each once however often it was saved, page by page', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await records.runs.list({ after }, 1);
      seen.push(...page.runs.map(({ runId }) => runId));
      after = page.next;
    } while (after);
    expect(seen).toEqual(['run-c', 'run-b', 'run-b-2', 'run-a']);
  });

  test('are chosen by when they started: from inclusive, to exclusive', async () => {
    const { runs } = await records.runs.list(
      { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
      10,
    );
    expect(runs.map(({ runId }) => runId)).toEqual(['run-b', 'run-b-2', 'run-a']);
  });

  test('are chosen by status', async () => {
    await records.runs.save('run-a', { status: 'completed' });
    const { runs } = await records.runs.list({ where: { status: 'completed' } }, 10);
    expect(runs).toMatchObject([{ runId: 'run-a', status: 'completed', trigger: 'timer' }]);
  });
});

describe('agents', () => {
  test('are chosen by run and status; that of a run whose id begins alike is another', async () => {
    await records.agents.save('run-b', 'run-b-compute-01', {
      state: 'lost',
      endedAt: '2026-11-20T07:00:00Z',
    });
    const all = await records.agents.list({ runId: 'run-b' }, 10);
    expect(all.agents.map(({ agentId, status }) => [agentId, status])).toEqual([
      ['run-b-compute-01', 'failed'],
      ['run-b-networking-01', 'running'],
    ]);
    expect(all.agents[0]).toMatchObject({ lastMessage: 'working', runId: 'run-b' });
    expect((await records.agents.list({}, 10, 'failed')).agents).toHaveLength(1);
    expect((await records.agents.list({ runId: 'no-such-run' }, 10)).agents).toEqual([]);
  });

  test('lead to their run', async () => {
    expect(await records.agents.runOf('run-c-compute-01')).toBe('run-c');
    expect(await records.agents.runOf('nobody')).toBeUndefined();
  });

  test('that only an event made are in no list', async () => {
    await records.agents.save('run-c', 'run-c-stranger', { lastMessage: 'hello' });
    const { agents } = await records.agents.list({ runId: 'run-c' }, 10);
    expect(agents.map(({ agentId }) => agentId)).toEqual(['run-c-compute-01', 'run-c-networking-01']);
  });
});

describe('resources', () => {
  const group = '/subscriptions/s/resourceGroups/hm-00c0ffee-compute-01';
  const at = '2026-11-21T00:01:00.000Z';
  const entry = { runId: 'run-c', agentId: 'hm-00c0ffee-compute-01', source: 'orchestrator', at } as const;

  test('follow the ledger, and the end of the clean-up settles them', async () => {
    await records.ledger.intend({ ...entry, kind: 'resource-group', id: group });
    await records.ledger.note('run-c', 'resource-group', group, { state: 'created' });
    await records.ledger.intend({ ...entry, kind: 'secret', id: 'never-made' });
    await records.ledger.note('run-c', 'resource', `${group}/providers/Microsoft.Compute/disks/d`, {
      ...entry,
      source: 'agent',
      state: 'created',
      resourceType: 'Microsoft.Compute/disks',
    });
    expect(await records.resources.count('run-c')).toBe(2);
    expect(await records.resources.open('run-c')).toBe(3);
    const disks = await records.resources.page(
      { runId: 'run-c', where: { type: 'microsoft.compute/disks' } },
      10,
    );
    expect(disks.resources).toMatchObject([
      { type: 'Microsoft.Compute/disks', status: 'created', scenario: 'compute-01', runId: 'run-c' },
    ]);

    const left = { kind: 'resource-group', id: group.toUpperCase(), source: 'arm-groups' } as const;
    await records.documents.saveRound({
      runId: 'run-c',
      sweep: 's',
      round: 1,
      askedAt: '2026-11-21T09:00:00.000Z',
      verdict: 'leftovers',
      evidence: [],
      leftovers: [left],
    });
    await records.runs.save('run-c', { status: 'failed', cleanupStatus: 'leftovers' });
    expect(await records.runs.get('run-c')).toMatchObject({ resourcesCreated: 2, leakedResources: 1 });
    const states = await records.resources.page({ runId: 'run-c' }, 10);
    expect(states.resources.map(({ kind, status }) => [kind, status])).toEqual([
      ['resource-group', 'error'],
      ['resource', 'deleted'],
    ]);

    await records.runs.save('run-c', { status: 'failed', cleanupStatus: 'verified' });
    expect(
      (await records.resources.page({ runId: 'run-c', where: { status: 'deleted' } }, 10)).resources,
    ).toHaveLength(2);
    expect(await records.runs.get('run-c')).toMatchObject({ leakedResources: 0 });
  });
});

describe('admissions', () => {
  test('are written by one of those who have read the same version', async () => {
    const other = createRecords(createStorage({ connectionString: azurite.connectionString }));
    const books = await Promise.all([records.admissions.read(), other.admissions.read()]);
    const write = (of: Records, index: 0 | 1, runId: string) =>
      of.admissions.write({
        ...books[index],
        admissions: [...books[index].admissions, { runId, at: 'now' }],
      });
    const first = await Promise.all([write(records, 0, 'a'), write(other, 1, 'b')]);
    expect(first.filter(Boolean)).toHaveLength(1);

    books[0] = await records.admissions.read();
    books[1] = await other.admissions.read();
    const second = await Promise.all([write(records, 0, 'c'), write(other, 1, 'd')]);
    expect(second.filter(Boolean)).toHaveLength(1);
    expect((await records.admissions.read()).admissions).toHaveLength(2);
  });
});

test('a run’s start is asked for once, however many rows are written at once, also of a run that nobody has recorded', async () => {
  let asked = 0;
  const counting: Storage = {
    ...storage,
    get: (...keys) => {
      asked += 1;
      return storage.get(...keys);
    },
  };
  for (const runId of ['run-a', 'run-unknown']) {
    asked = 0;
    const ids = Array.from({ length: 150 }, (_, n) => `/subscriptions/s/resourceGroups/g/providers/P/t/${n}`);
    await createRecords(counting).ledger.noteAll(
      ids.map((id) => ({ runId, kind: 'resource', id, change: { state: 'created', source: 'discovered' } })),
    );
    expect(asked, runId).toBe(1);
  }
});
