import type { DurableClient } from 'durable-functions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorage, type Storage } from '../../src/azure/storage.ts';
import { stem } from '../../src/domain/naming.ts';
import type { RunRecord } from '../../src/domain/run.ts';
import { forgetOldRuns } from '../../src/janitor/retention.ts';
import { createRecords, type Records } from '../../src/records/records.ts';
import type { Services } from '../../src/services.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const LONG_AGO = '2026-08-01T06:00:00.000Z';
const LATELY = '2026-11-20T06:00:00.000Z';

let azurite: Azurite;
let storage: Storage;
let records: Records;

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage({ connectionString: azurite.connectionString });
  records = createRecords(storage);
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

async function plant(runId: string, over: Partial<RunRecord>): Promise<void> {
  const agentId = stem(runId, 'compute-01');
  const at = over.startedAt ?? LONG_AGO;
  await records.runs.save(runId, {
    status: 'completed',
    startedAt: at,
    completedAt: at,
    scenarios: ['compute-01'],
  });
  await records.runs.begin(runId, 'validating', at);
  await records.agents.save(runId, agentId, { scenarioId: 'compute-01', state: 'completed' });
  const kind = 'resource-group' as const;
  await records.ledger.intend({
    runId,
    agentId,
    kind,
    id: `/subscriptions/s/resourceGroups/${agentId}`,
    source: 'orchestrator',
    at,
  });
  await storage.appendLines(`${runId}/${agentId}.jsonl`, ['{}']);
  await storage.writeBlob('reports', `${runId}/report.json`, '{}', 'application/json');
  await storage.writeBlob('runs', `${runId}/plan.json`, '{}', 'application/json');
  await records.runs.save(runId, { cleanupStatus: 'verified', ...over });
}

/** An engine that remembers these instances, all ended but those that are named live. */
function engine(ids: readonly string[], live: readonly string[] = []) {
  const purged: string[] = [];
  const client = {
    getStatusBy: async () =>
      ids.map((instanceId) => ({
        instanceId,
        runtimeStatus: live.includes(instanceId) ? 'Running' : 'Completed',
      })),
    purgeInstanceHistory: async (id: string) => void purged.push(id),
  } as unknown as DurableClient;
  return { client, purged };
}

const services = () =>
  ({ config: { retentionSeconds: 90 * 86_400 }, records: async () => records }) as unknown as Services;

async function traces(runId: string): Promise<number> {
  const agentId = stem(runId, 'compute-01');
  const [row, agents, ledger, phases, owner, page] = await Promise.all([
    records.runs.get(runId),
    records.agents.ofRun(runId),
    records.ledger.ofRun(runId),
    records.runs.phases(runId, NOW),
    storage.get('AgentRuns', 'AgentRuns', agentId),
    records.resources.page({}, 100),
  ]);
  const lists = [
    ...(await records.runs.list({}, 100)).runs,
    ...(await records.agents.list({}, 100)).agents,
    ...page.resources,
  ].filter((one) => one.runId === runId);
  const blobs = await Promise.all(
    ['events', 'runs', 'reports'].map((name) => storage.listBlobs(name, `${runId}/`)),
  );
  const found = [row, owner].filter((one) => one !== undefined);
  return [...found, ...agents, ...ledger, ...phases, ...lists, ...blobs.flat()].length;
}

test('an old run whose clean-up is verified is forgotten, with everything that was kept of it but its proof', async () => {
  await plant('old', {});
  expect(await traces('old')).toBeGreaterThanOrEqual(10);
  await records.proofs.link({ runId: 'old', digest: 'd' }, undefined, LONG_AGO);
  const { client, purged } = engine([
    'old',
    'old-compute-01',
    'old-lane-3',
    'cleanup-old',
    'old-2',
    'old-2-compute-01',
    'older',
  ]);
  expect(await forgetOldRuns(client, services(), NOW)).toEqual(['old']);
  expect(purged).toEqual(['old', 'old-compute-01', 'old-lane-3', 'cleanup-old']);
  expect(await traces('old')).toBe(0);
  expect(await records.proofs.isLinked({ runId: 'old', digest: 'd' })).toBe(true);
  expect(await forgetOldRuns(client, services(), NOW)).toEqual([]);
});

test.each<[string, Partial<RunRecord>]>([
  ['is not old', { startedAt: LATELY }],
  ['has leftovers', { cleanupStatus: 'leftovers' }],
  ['has an unknown clean-up', { cleanupStatus: 'unknown' }],
  ['has not been cleaned up', { cleanupStatus: 'pending' }],
  ['is still running', { status: 'running' }],
])('a run that %s stays', async (name, over) => {
  const runId = `stays-${name.replaceAll(' ', '-')}`;
  await plant(runId, over);
  const before = await traces(runId);
  const { client, purged } = engine([runId]);
  expect(await forgetOldRuns(client, services(), NOW)).toEqual([]);
  expect(purged).toEqual([]);
  expect(await traces(runId)).toBe(before);
});

test('messages that could not be read are forgotten by their day', async () => {
  await records.events.park([{ why: 'old', message: 1 }], LONG_AGO);
  await records.events.park([{ why: 'new', message: 2 }], LATELY);
  await forgetOldRuns(engine([]).client, services(), NOW);
  expect(await records.events.parked(LONG_AGO.slice(0, 10))).toEqual([]);
  expect(await records.events.parked(LATELY.slice(0, 10))).toHaveLength(1);
});
