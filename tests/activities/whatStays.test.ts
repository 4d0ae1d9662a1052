import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import { tagsFor } from '../../src/domain/naming.ts';
import { groupId, placing } from '../support/placing.ts';
import { openTenant, type Tenant } from '../support/tenant.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await openTenant();
}, 60_000);
afterAll(() => tenant?.[Symbol.asyncDispose]());

const { place, placeGroup, placeIn } = placing(() => tenant);
const leftOf = (runId: string) => tenant.leftOf(runId);
const deletions = () => {
  const { byOperation } = tenant.fixture.standIn.state.calls.counts();
  return {
    groups: byOperation['Microsoft.Resources/subscriptions/resourceGroups/delete'] ?? 0,
    networks: byOperation['Microsoft.Network/virtualNetworks/delete'] ?? 0,
  };
};

describe('what stays', () => {
  test('ancestor 40: behind a lock below its group is named, while all around it goes', async () => {
    const { state } = tenant.fixture.standIn;
    const runId = 'run-locked';
    const { agent } = await tenant.provision(runId, 'compute-01');
    const held = placeIn(agent.agentId, 'Microsoft.Storage/storageAccounts', 'held');
    placeIn(agent.agentId, 'Microsoft.Network/virtualNetworks', 'free');
    const lock = state.locks.put(held, 'keep', 'CanNotDelete');
    const { verdict, last } = await tenant.clean(runId, 12);
    expect(verdict).toBe('leftovers');
    expect(last?.failures).toEqual(
      expect.arrayContaining([
        {
          kind: 'resource',
          id: held,
          reason: 'held by lock keep (CanNotDelete) on storageAccounts/held',
        },
        expect.objectContaining({
          kind: 'resource-group',
          reason: expect.stringMatching(/held by lock keep/),
        }),
      ]),
    );
    const left = (await leftOf(runId)).map(({ id }) => id).sort();
    expect(left).toEqual([groupId(agent.agentId), held].sort());
    expect(state.locks.remove(lock.id)).toBe(true);
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('ancestor 40: in use by something of somebody else is named, and goes when that has gone', async () => {
    const runId = 'run-in-use';
    const { agent } = await tenant.provision(runId, 'networking-01');
    const vnet = placeIn(agent.agentId, 'Microsoft.Network/virtualNetworks', 'v');
    const subnet = place(`${vnet}/subnets/a`, 'Microsoft.Network/virtualNetworks/subnets');
    placeGroup('rg-theirs');
    const nic = placeIn('rg-theirs', 'Microsoft.Network/networkInterfaces', 'nic-1', {
      properties: { ipConfigurations: [{ properties: { subnet: { id: subnet } } }] },
    });
    const { last } = await tenant.clean(runId, 12);
    expect(last?.failures).toContainEqual({
      kind: 'resource',
      id: vnet,
      reason: 'Subnet a is in use by networkInterfaces/nic-1 and cannot be deleted',
    });
    tenant.fixture.standIn.state.resources.remove(nic);
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('in a group whose first deletion has failed goes with the second one, and is not deleted by itself', async () => {
    const runId = 'run-held';
    const { agent } = await tenant.provision(runId, 'networking-01');
    const vnet = placeIn(agent.agentId, 'Microsoft.Network/virtualNetworks', 'v');
    placeGroup('rg-other');
    const nic = placeIn('rg-other', 'Microsoft.Network/networkInterfaces', 'nic-1', {
      properties: { ipConfigurations: [{ properties: { subnet: { id: vnet } } }] },
    });
    const before = deletions();
    await tenant.verify(runId);
    await tenant.force(runId);
    tenant.fixture.standIn.state.resources.remove(nic);
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
    const after = deletions();
    expect(after.groups - before.groups).toBe(2);
    expect(after.networks).toBe(before.networks);
  }, 60_000);

  test('has a tag DoNotDelete: neither it nor the group around it is deleted', async () => {
    const runId = 'run-kept';
    const { agent } = await tenant.provision(runId, 'compute-01');
    const kept = placeIn(agent.agentId, 'Microsoft.Sql/servers', 'kept', { tags: { DoNotDelete: 'yes' } });
    const free = placeIn(agent.agentId, 'Microsoft.Logic/workflows', 'free');
    const { last } = await tenant.clean(runId, 8);
    expect(last?.failures.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/refused: kept in it has the tag DoNotDelete/),
    );
    const { resources } = tenant.fixture.standIn.state;
    expect([resources.get(kept)?.deletingUntil, resources.get(free)]).toEqual([undefined, undefined]);
    resources.remove(kept);
    expect((await tenant.clean(runId)).verdict).toBe('clean');
  }, 60_000);

  test('is in a group that Azure made for another resource, as long as that is there', async () => {
    const runId = 'run-managed';
    const { agent } = await tenant.provision(runId, 'containers-01');
    const cluster = placeIn(agent.agentId, 'Microsoft.ContainerService/managedClusters', 'aks');
    const nodes = placeGroup('MC_aks', {}, { managedBy: cluster });
    await tenant.verify(runId);
    const { failures } = await tenant.force(runId);
    expect(failures).toContainEqual(
      expect.objectContaining({
        id: nodes,
        reason: expect.stringMatching(/it follows .*managedClusters\/aks/),
      }),
    );
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(tenant.fixture.standIn.state.resources.get(nodes)).toBeUndefined();
  }, 60_000);

  test('ancestor 40: is more than one call may delete; the rest is the next one’s, which goes on where it ended', async () => {
    const runId = 'run-many';
    placeGroup('rg-many');
    const tags = tagsFor({ runId, expiresOn: '' }, 'compute-01');
    for (let n = 0; n < 5; n++) placeIn('rg-many', 'Microsoft.Logic/workflows', `w${n}`, { tags });
    await tenant.verify(runId);
    const services = tenant.servicesWith({ MAX_DELETIONS_PER_CALL: '3' });
    const first = await tenant.force(runId, { services });
    expect(first).toMatchObject({ started: 3, failures: [], next: 3 });
    const second = await tenant.force(runId, { services, from: 3 });
    expect(second).toMatchObject({ started: 2, failures: [] });
    expect(second.next).toBeUndefined();
    expect((await tenant.clean(runId)).verdict).toBe('clean');
  }, 60_000);

  test('is all of it after a dry run, which says what would go in which order', async () => {
    const runId = 'run-dry';
    const agent = await tenant.provision(runId, 'compute-01');
    placeIn(agent.agent.agentId, 'Microsoft.Logic/workflows', 'w');
    const protectedId = placeIn(WORLD.platformGroup, 'Microsoft.Logic/workflows', 'p', {
      tags: tagsFor(agent.scope, agent.agent.scenarioId),
    });
    const before = await leftOf(runId);
    await tenant.verify(runId);
    const { planned = [], failures, started } = await tenant.force(runId, { dryRun: true });
    expect(started).toBe(0);
    expect(planned[0]?.kind).toBe('role-assignment');
    expect(new Set(planned.map(({ kind }) => kind))).toEqual(
      new Set([
        'role-assignment',
        'resource-group',
        'resource',
        'service-principal',
        'application',
        'secret',
      ]),
    );
    expect(failures).toEqual([
      { kind: 'resource', id: protectedId, reason: expect.stringMatching(/rg-haymaker is protected/) },
    ]);
    expect(await leftOf(runId)).toEqual(before);
    tenant.fixture.standIn.state.resources.remove(protectedId);
    await tenant.clean(runId);
  }, 60_000);
});
