import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import { createResources, type Resources } from '../../src/azure/resources.ts';
import { roleAssignmentId } from '../../src/azure/roleAssignmentId.ts';
import { createRoleAssignments, type RoleAssignments } from '../../src/azure/roleAssignments.ts';
import { Blocked, Denied, Missing, NotReadyYet, Rejected } from '../../src/domain/errors.ts';
import { tagsFor } from '../../src/domain/naming.ts';
import { CONTRIBUTOR } from '../../src/domain/roles.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

let fixture: StandInFixture;
let resources: Resources;
let roles: RoleAssignments;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { groupDelete: 300, resourceDelete: 100 } });
  resources = createResources(fixture.credential, WORLD.subscriptionId);
  roles = createRoleAssignments(fixture.credential, WORLD.subscriptionId);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const tagsOf = (runId: string) => tagsFor({ runId, expiresOn: '2026-11-21T15:00:00Z' }, 'networking-01');
const group = (name: string, runId = 'run-1') => ({ name, location: 'eastus', tags: tagsOf(runId) });

/** Puts a resource into the cloud behind the adapters' back. */
function place(groupName: string, type: string, name: string, tags: Record<string, string> = {}): string {
  const id = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${groupName}/providers/${type}/${name}`;
  fixture.standIn.state.resources.put({
    id,
    name,
    type,
    location: 'eastus',
    tags,
    properties: { provisioningState: 'Succeeded' },
    rest: {},
    createdAt: Date.now(),
    createdBy: WORLD.app.oid,
  });
  return id;
}

describe('a resource group', () => {
  test('is made once, seen, deleted and gone', async () => {
    const id = await resources.ensureGroup(group('hm-g1'));
    expect(await resources.ensureGroup(group('hm-g1'))).toBe(id);
    expect(await resources.listGroups('hm-g')).toEqual([
      { id, name: 'hm-g1', tags: tagsOf('run-1'), deleting: false },
    ]);
    expect(await resources.presence(id)).toBe('present');
    expect(await resources.startDelete(id)).toBe('deleting');
    expect(await resources.presence(id)).toBe('deleting');
    await expect(resources.ensureGroup(group('hm-g1'))).rejects.toThrow(NotReadyYet);
    await until(async () => (await resources.presence(id)) === 'absent');
    expect(await resources.startDelete(id)).toBe('gone');
  });

  test('of another run is left alone', async () => {
    await resources.ensureGroup(group('hm-g2', 'run-1'));
    const claim = resources.ensureGroup(group('hm-g2', 'run-2'));
    await expect(claim).rejects.toThrow(Blocked);
    await expect(claim).rejects.toMatchObject({ code: 'NotOurs' });
  });
});

describe('a resource', () => {
  test('of any type is listed, seen and deleted with its own api-version', async () => {
    await resources.ensureGroup(group('hm-g3'));
    const network = place('hm-g3', 'Microsoft.Network/virtualNetworks', 'vnet', { a: 'b' });
    const account = place('hm-g3', 'Microsoft.Storage/storageAccounts', 'hmacc');
    const listed = await resources.listInGroup('hm-g3');
    expect(listed.map(({ id }) => id).sort()).toEqual([network, account].sort());
    for (const id of [network, account]) {
      expect(await resources.presence(id)).toBe('present');
      await resources.startDelete(id);
      await until(async () => (await resources.presence(id)) === 'absent');
      expect(await resources.startDelete(id)).toBe('gone');
    }
  });

  test('of a type that nobody knows is refused, not taken for absent', async () => {
    const id = place('hm-g3', 'Microsoft.Network/noSuchThings', 'x');
    await expect(resources.presence(id)).rejects.toThrow(Rejected);
  });
});

test('the subscription and its providers say how they are', async () => {
  expect(await resources.subscriptionState()).toBe('Enabled');
  const namespaces = ['Microsoft.App', 'Microsoft.Network'];
  expect(await resources.providerStates(namespaces)).toEqual({
    'Microsoft.App': 'Registered',
    'Microsoft.Network': 'Registered',
  });
});

test('a lock is listed, and refuses a deletion with its code', async () => {
  const scope = await resources.ensureGroup(group('hm-g7'));
  expect(await resources.locksAt(scope)).toEqual([]);
  const id = `${scope}/providers/Microsoft.Authorization/locks/keep`;
  const { locks } = fixture.standIn.state;
  locks.put(scope, 'keep', 'CanNotDelete');
  try {
    expect(await resources.locksAt(scope)).toEqual([{ name: 'keep', level: 'CanNotDelete', scope }]);
    const deleting = resources.startDelete(scope);
    await expect(deleting).rejects.toThrow(Blocked);
    await expect(deleting).rejects.toMatchObject({ code: 'ScopeLocked' });
  } finally {
    locks.remove(id);
  }
  expect(await resources.startDelete(scope)).toBe('deleting');
});

test('a group that is not there cannot be listed', async () => {
  await expect(resources.listInGroup('hm-none')).rejects.toThrow(Missing);
});

test('an operation without permission is Denied', async () => {
  fixture.standIn.state.faults.add({
    match: 'GET management.azure.com/subscriptions/[^/]+$',
    kind: 'status',
    status: 403,
    code: 'AuthorizationFailed',
    times: 1,
  });
  await expect(resources.subscriptionState()).rejects.toThrow(Denied);
});

test('an answer of 503 once is asked again by the client', async () => {
  fixture.standIn.state.faults.add({
    match: 'GET management.azure.com/subscriptions/[^/]+$',
    kind: 'status',
    status: 503,
    times: 1,
  });
  expect(await resources.subscriptionState()).toBe('Enabled');
});

describe('a role assignment', () => {
  test('is made once, found by its principal, and removed; each may be repeated', async () => {
    const scope = await resources.ensureGroup(group('hm-g4'));
    const principalId = WORLD.agentIdentity.oid;
    const id = roleAssignmentId({ scope, seed: 'run-1|a', roleDefinitionGuid: CONTRIBUTOR.guid });
    const assignment = { id, principalId, roleDefinitionGuid: CONTRIBUTOR.guid };
    await roles.ensure(assignment);
    await roles.ensure(assignment);
    expect(await roles.exists(id)).toBe(true);
    const found = await roles.list();
    expect(found.filter((each) => each.id.toLowerCase() === id.toLowerCase())).toHaveLength(1);
    await roles.remove(id);
    await roles.remove(id);
    expect(await roles.exists(id)).toBe(false);
  });

  test('for a principal that ARM does not know yet is not ready', async () => {
    const scope = await resources.ensureGroup(group('hm-g5'));
    const id = roleAssignmentId({ scope, seed: 'run-1|b', roleDefinitionGuid: CONTRIBUTOR.guid });
    const assignment = { id, principalId: randomUUID(), roleDefinitionGuid: CONTRIBUTOR.guid };
    await expect(roles.ensure(assignment)).rejects.toThrow(NotReadyYet);
  });
});
