import { afterAll, beforeAll, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import { createResources, type Resources } from '../../src/azure/resources.ts';
import { createSoftDeletions, type SoftDeletions } from '../../src/azure/softDeleted.ts';
import { Blocked } from '../../src/domain/errors.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

let fixture: StandInFixture;
let resources: Resources;
let deletions: SoftDeletions;
const group = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/hm-soft`;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { groupDelete: 50, resourceDelete: 50 } });
  resources = createResources(fixture.credential, WORLD.subscriptionId);
  deletions = createSoftDeletions(fixture.credential, WORLD.subscriptionId);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

function place(type: string, name: string, properties: Record<string, unknown> = {}): string {
  const id = `${group}/providers/${type}/${name}`;
  fixture.standIn.state.resources.put({
    id,
    name,
    type,
    location: 'eastus',
    tags: { a: 'b' },
    properties,
    rest: {},
    createdAt: Date.now(),
    createdBy: WORLD.app.oid,
  });
  return id;
}
async function remove(id: string): Promise<void> {
  await resources.startDelete(id);
  await until(async () => (await resources.presence(id)) === 'absent');
}

test.each([
  'Microsoft.KeyVault/vaults',
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.ApiManagement/service',
  'Microsoft.AppConfiguration/configurationStores',
])('a deleted resource of %s is kept, listed with where it was, and purged; twice is fine', async (type) => {
  await resources.ensureGroup({
    name: 'hm-soft',
    location: 'eastus',
    tags: { 'AzureHayMaker-managed': 'true', RunId: 'run-soft' },
  });
  await remove(place(type, 'kept'));
  const [item] = (await deletions.list()).filter(({ id }) => id.endsWith('/kept'));
  expect(item?.originalId.toLowerCase()).toContain('/resourcegroups/hm-soft/');
  expect(item?.tags).toEqual({ a: 'b' });
  if (item) {
    await deletions.purge(item);
    await until(async () => (await deletions.list()).length === 0);
    await deletions.purge(item);
  }
});

test('nobody purges what purge protection keeps, and it says until when', async () => {
  await remove(place('Microsoft.KeyVault/vaults', 'guarded', { enablePurgeProtection: true }));
  const [item] = await deletions.list();
  expect(item?.keptUntil).toMatch(/^\d{4}-\d\d-\d\dT/);
  if (item) await expect(deletions.purge(item)).rejects.toThrow(Blocked);
});

test('a workspace that is deleted for good is not kept', async () => {
  const id = place('Microsoft.OperationalInsights/workspaces', 'log');
  await deletions.deleteWorkspaceForGood(id);
  await until(async () => (await resources.presence(id)) === 'absent');
  const kept = fixture.standIn.state.softDeletions.list().map(({ resource }) => resource.name);
  expect(kept).not.toContain('log');
  await deletions.deleteWorkspaceForGood(id);
});
