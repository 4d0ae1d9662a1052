import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ResourceManagementClient } from '@azure/arm-resources';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ROLES } from '../../../local/azure/roles.ts';
import { WORLD } from '../../../local/world.ts';
import { type StandInFixture, withStandIn } from '../../support/standIn.ts';
import { until } from '../../support/until.ts';
import { collect, credentialFor } from './client.ts';

const POLL = { updateIntervalInMs: 20 };
const VNET = '2024-05-01';
const LOCKS = '2020-05-01';

let fixture: StandInFixture;
let client: ResourceManagementClient;
/** Owner of the subscription: makes what the app itself may not make. */
let owner: ResourceManagementClient;

beforeAll(async () => {
  const fast = { groupDelete: 200, resourceCreate: 80, resourceDelete: 80, rolePropagation: 100 };
  fixture = await withStandIn({ delays: fast });
  const { state } = fixture.standIn;
  const boss = { oid: crypto.randomUUID(), appId: crypto.randomUUID(), displayName: 'boss' };
  state.directory.addManagedIdentity(boss);
  state.authorization.seed(
    boss.oid,
    ROLES.owner,
    `/subscriptions/${WORLD.subscriptionId}`,
    crypto.randomUUID(),
  );
  client = new ResourceManagementClient(fixture.credential, WORLD.subscriptionId);
  owner = new ResourceManagementClient(credentialFor(state, boss), WORLD.subscriptionId);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const idOf = (group: string, rest = '') =>
  `subscriptions/${WORLD.subscriptionId}/resourceGroups/${group}${rest}`;
const vnetOf = (group: string, name = 'net') =>
  idOf(group, `/providers/Microsoft.Network/virtualNetworks/${name}`);

async function makeGroup(name: string, tags: Record<string, string> = {}) {
  await owner.resourceGroups.createOrUpdate(name, { location: 'eastus', tags });
}
const makeVnet = (id: string, tags: Record<string, string> = {}) =>
  owner.resources.createOrUpdateById(id, VNET, { location: 'eastus', tags, properties: {} }, POLL);

describe('a resource group', () => {
  test('takes everything in it along when it is deleted', async () => {
    await makeGroup('arm-full');
    await makeVnet(vnetOf('arm-full'));
    const deletion = owner.resourceGroups.delete('arm-full', POLL);
    await deletion.submitted();
    const { properties } = await client.resourceGroups.get('arm-full');
    expect(properties?.provisioningState).toBe('Deleting');
    await expect(makeVnet(vnetOf('arm-full', 'late'))).rejects.toMatchObject({
      statusCode: 409,
      code: 'ResourceGroupBeingDeleted',
    });
    await deletion.pollUntilDone();
    expect((await client.resourceGroups.checkExistence('arm-full')).body).toBe(false);
    expect(fixture.standIn.state.resources.get(`/${vnetOf('arm-full')}`)).toBeUndefined();
  });

  test('is being deleted until that ends without success, when something outside uses something in it', async () => {
    await makeGroup('arm-used');
    await makeVnet(vnetOf('arm-used'));
    await makeVnet(vnetOf('arm-used', 'free'));
    await makeGroup('arm-user');
    await owner.resources.createOrUpdateById(
      idOf('arm-user', '/providers/Microsoft.Network/networkInterfaces/nic'),
      VNET,
      { location: 'eastus', properties: { subnet: { id: `/${vnetOf('arm-used')}` } } },
      POLL,
    );
    const deletion = owner.resourceGroups.delete('arm-used', POLL);
    await deletion.submitted();
    const stateOf = async () => (await client.resourceGroups.get('arm-used')).properties?.provisioningState;
    expect(await stateOf()).toBe('Deleting');
    await expect(deletion.pollUntilDone()).rejects.toMatchObject({ code: 'ResourceGroupDeletionBlocked' });
    expect(await stateOf()).toBe('Succeeded');
    const { resources } = fixture.standIn.state;
    expect(resources.get(`/${vnetOf('arm-used')}`)).toBeDefined();
    expect(resources.get(`/${vnetOf('arm-used', 'free')}`)).toBeUndefined();
  });

  test('is found by tag, page by page', async () => {
    for (const n of [1, 2, 3]) await makeGroup(`arm-page-${n}`, { Colour: 'blue' });
    const names: (string | undefined)[] = [];
    const filter = "tagName eq 'Colour' and tagValue eq 'blue'";
    for await (const group of client.resourceGroups.list({ filter, top: 2 })) names.push(group.name);
    expect(names).toEqual(['arm-page-1', 'arm-page-2', 'arm-page-3']);
  });
});

describe('a resource', () => {
  test('is created, read, tagged, listed and deleted', async () => {
    await makeGroup('arm-one');
    const made = await makeVnet(vnetOf('arm-one'), { a: 'b' });
    expect(made.properties).toMatchObject({ provisioningState: 'Succeeded' });
    expect((await client.resources.checkExistenceById(vnetOf('arm-one'), VNET)).body).toBe(true);
    await owner.resources.updateById(vnetOf('arm-one'), VNET, { tags: { c: 'd' } }, POLL);
    const [listed] = await collect(client.resources.listByResourceGroup('arm-one'));
    expect(listed).toMatchObject({
      name: 'net',
      type: 'Microsoft.Network/virtualNetworks',
      tags: { c: 'd' },
    });
    await client.resources.deleteById(vnetOf('arm-one'), VNET, POLL);
    expect((await client.resources.checkExistenceById(vnetOf('arm-one'), VNET)).body).toBe(false);
    await client.resources.deleteById(vnetOf('arm-one'), VNET, POLL);
  });

  test('may be asked for with the leading slash of its id', async () => {
    await makeGroup('arm-slash');
    await makeVnet(vnetOf('arm-slash'));
    expect((await client.resources.getById(`/${vnetOf('arm-slash')}`, VNET)).name).toBe('net');
  });

  test('inside another needs its parent and goes with it', async () => {
    await makeGroup('arm-child');
    const child = `${vnetOf('arm-child')}/subnets/inner`;
    const make = () => owner.resources.createOrUpdateById(child, VNET, { properties: {} }, POLL);
    await expect(make()).rejects.toMatchObject({ code: 'ParentResourceNotFound' });
    await makeVnet(vnetOf('arm-child'));
    expect((await make()).type).toBe('Microsoft.Network/virtualNetworks/subnets');
    await owner.resources.deleteById(vnetOf('arm-child'), VNET, POLL);
    expect((await client.resources.checkExistenceById(child, VNET)).body).toBe(false);
  });

  test.each([
    ['Microsoft.Network/virtualNetworks/x', '2000-01-01', 'NoRegisteredProviderFound'],
    ['Microsoft.Network/unheardOf/x', VNET, 'InvalidResourceType'],
    ['Microsoft.Nowhere/things/x', VNET, 'InvalidResourceNamespace'],
  ])('%s with api-version %s is refused: %s', async (path, version, code) => {
    await makeGroup('arm-version');
    const asked = client.resources.getById(idOf('arm-version', `/providers/${path}`), version);
    await expect(asked).rejects.toMatchObject({ code });
  });

  test('in a group that does not exist is refused', async () => {
    await expect(makeVnet(vnetOf('arm-nowhere'))).rejects.toMatchObject({ code: 'ResourceGroupNotFound' });
  });
});

test('a lock forbids deleting the resource, and the group above it, until it is removed', async () => {
  await makeGroup('arm-locked');
  await makeVnet(vnetOf('arm-locked'));
  const lock = `${vnetOf('arm-locked')}/providers/Microsoft.Authorization/locks/keep`;
  await owner.resources.createOrUpdateById(lock, LOCKS, { properties: { level: 'CanNotDelete' } }, POLL);
  const locked = { statusCode: 409, code: 'ScopeLocked' };
  await expect(client.resources.deleteById(vnetOf('arm-locked'), VNET, POLL)).rejects.toMatchObject(locked);
  await expect(client.resourceGroups.delete('arm-locked', POLL)).rejects.toMatchObject(locked);
  await owner.resources.deleteById(lock, LOCKS, POLL);
  await client.resourceGroups.delete('arm-locked', POLL);
});

test('every registered type names api-versions that the stand-in accepts', async () => {
  const provider = await client.providers.get('Microsoft.App');
  expect(provider.registrationState).toBe('Registered');
  const jobs = provider.resourceTypes?.find((type) => type.resourceType === 'jobs');
  expect(jobs?.apiVersions).toContain('2026-07-01');
});

describe('authorization', () => {
  const agent = { oid: '', appId: '', displayName: 'agent' };
  let agentClient: ResourceManagementClient;
  const assignments = () => new AuthorizationManagementClient(fixture.credential, WORLD.subscriptionId);
  const contributor = `/providers/Microsoft.Authorization/roleDefinitions/${ROLES.contributor.guid}`;

  beforeAll(async () => {
    Object.assign(agent, { oid: crypto.randomUUID(), appId: crypto.randomUUID() });
    fixture.standIn.state.directory.addManagedIdentity(agent);
    agentClient = new ResourceManagementClient(
      credentialFor(fixture.standIn.state, agent),
      WORLD.subscriptionId,
    );
    await makeGroup('arm-agent');
    await makeGroup('arm-other');
  });

  test('a principal without a role is refused and sees nothing', async () => {
    await expect(agentClient.resourceGroups.get('arm-agent')).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationFailed',
    });
    expect(await collect(agentClient.resourceGroups.list())).toEqual([]);
  });

  test('a role counts on its scope only, after it has propagated', async () => {
    const { delays } = fixture.standIn.state;
    const usual = { ...delays };
    // Longer than the next question takes on a busy machine.
    Object.assign(delays, { rolePropagation: 2_500 });
    onTestFinished(() => void Object.assign(delays, usual));
    await assignments().roleAssignments.create(`/${idOf('arm-agent')}`, crypto.randomUUID(), {
      principalId: agent.oid,
      principalType: 'ServicePrincipal',
      roleDefinitionId: contributor,
    });
    await expect(agentClient.resourceGroups.get('arm-agent')).rejects.toMatchObject({ statusCode: 403 });
    await until(() =>
      agentClient.resourceGroups.get('arm-agent').then(
        () => true,
        () => false,
      ),
    );
    const vnet = await agentClient.resources.createOrUpdateById(
      vnetOf('arm-agent'),
      VNET,
      { location: 'eastus' },
      POLL,
    );
    expect(vnet.name).toBe('net');
    const forbidden = { statusCode: 403, code: 'AuthorizationFailed' };
    await expect(agentClient.resourceGroups.get('arm-other')).rejects.toMatchObject(forbidden);
    const grant = new AuthorizationManagementClient(
      credentialFor(fixture.standIn.state, agent),
      WORLD.subscriptionId,
    ).roleAssignments.create(`/${idOf('arm-agent')}`, crypto.randomUUID(), {
      principalId: agent.oid,
      roleDefinitionId: contributor,
    });
    await expect(grant).rejects.toMatchObject(forbidden);
  });

  test('an assignment is made once per principal, role and scope, whatever its id', async () => {
    const { roleAssignments } = assignments();
    const scope = `/${idOf('arm-other')}`;
    const wanted = {
      principalId: agent.oid,
      principalType: 'ServicePrincipal',
      roleDefinitionId: contributor,
    };
    const name = crypto.randomUUID();
    const first = await roleAssignments.create(scope, name, wanted);
    expect(await roleAssignments.create(scope, name, wanted)).toMatchObject({ id: first.id });
    await expect(roleAssignments.create(scope, crypto.randomUUID(), wanted)).rejects.toMatchObject({
      statusCode: 409,
      code: 'RoleAssignmentExists',
    });
    const found = await collect(
      roleAssignments.listForScope(scope, { filter: `principalId eq '${agent.oid}'` }),
    );
    expect(found.map((a) => a.name)).toEqual([name]);
    await roleAssignments.delete(scope, name);
    await roleAssignments.delete(scope, name);
    await expect(roleAssignments.get(scope, name)).rejects.toMatchObject({ statusCode: 404 });
  });

  test('a principal that does not exist cannot be named', async () => {
    const created = assignments().roleAssignments.create(`/${idOf('arm-other')}`, crypto.randomUUID(), {
      principalId: crypto.randomUUID(),
      principalType: 'ServicePrincipal',
      roleDefinitionId: contributor,
    });
    await expect(created).rejects.toMatchObject({ statusCode: 400, code: 'PrincipalNotFound' });
  });

  test('assignments below a group go with the group', async () => {
    await makeGroup('arm-brief');
    const made = await assignments().roleAssignments.create(`/${idOf('arm-brief')}`, crypto.randomUUID(), {
      principalId: agent.oid,
      principalType: 'ServicePrincipal',
      roleDefinitionId: contributor,
    });
    await client.resourceGroups.delete('arm-brief', POLL);
    expect(fixture.standIn.state.authorization.get(made.id ?? '')).toBeUndefined();
  });

  test('a forged token is refused', async () => {
    const [header, payload] = (
      await credentialFor(fixture.standIn.state, WORLD.app).getToken('https://management.azure.com/.default')
    ).token.split('.');
    const forged = new ResourceManagementClient(
      {
        getToken: async () => ({
          token: `${header}.${payload}.c2ln`,
          expiresOnTimestamp: Date.now() + 60_000,
        }),
      },
      WORLD.subscriptionId,
    );
    await expect(forged.resourceGroups.get('arm-agent')).rejects.toMatchObject({
      statusCode: 401,
      code: 'InvalidAuthenticationToken',
    });
  });
});

test('reads beyond the bucket are throttled with Retry-After', async () => {
  const { state } = fixture.standIn;
  const guest = { oid: crypto.randomUUID(), appId: 'guest', displayName: 'guest' };
  const key = `reads/${guest.oid}`;
  const usual = { ...state.limits };
  // The next token comes later than the request, on a busy machine, too.
  Object.assign(state.limits, { reads: { ...usual.reads, perSecond: 0.1 } });
  onTestFinished(() => void Object.assign(state.limits, usual));
  while (state.throttle.take(key, state.limits.reads).admitted);
  const reader = new ResourceManagementClient(credentialFor(state, guest), WORLD.subscriptionId, {
    retryOptions: { maxRetries: 0 },
  });
  const headers = await reader.resourceGroups.get('arm-agent').then(
    () => undefined,
    (error: { statusCode: number; response: { headers: { get(name: string): string | undefined } } }) => ({
      status: error.statusCode,
      retryAfter: error.response.headers.get('retry-after'),
      remaining: error.response.headers.get('x-ms-ratelimit-remaining-subscription-reads'),
    }),
  );
  expect(headers).toEqual({ status: 429, retryAfter: expect.stringMatching(/^([1-9]|10)$/), remaining: '0' });
});

test('a lock on a resource does not hold the role assignments of the group above it', async () => {
  await makeGroup('arm-held');
  await makeVnet(vnetOf('arm-held'));
  const { roleAssignments } = new AuthorizationManagementClient(fixture.credential, WORLD.subscriptionId);
  const scope = `/${idOf('arm-held')}`;
  const name = crypto.randomUUID();
  await roleAssignments.create(scope, name, {
    principalId: WORLD.eventsIdentity.oid,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${ROLES.contributor.guid}`,
  });
  const { locks } = fixture.standIn.state;
  locks.put(`/${vnetOf('arm-held')}`, 'keep', 'CanNotDelete');
  const held = locks.put(scope, 'hold', 'CanNotDelete');
  await expect(roleAssignments.delete(scope, name)).rejects.toMatchObject({ code: 'ScopeLocked' });
  locks.remove(held.id);
  await roleAssignments.delete(scope, name);
});

test('the app can assign the roles of agents and no others: its own right to do so has a condition', async () => {
  await makeGroup('arm-conditional');
  const { roleAssignments } = new AuthorizationManagementClient(fixture.credential, WORLD.subscriptionId);
  const assign = (guid: string, principalType = 'ServicePrincipal') =>
    roleAssignments.create(`/${idOf('arm-conditional')}`, crypto.randomUUID(), {
      principalId: WORLD.eventsIdentity.oid,
      principalType,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
    });
  await expect(assign(ROLES.owner.guid)).rejects.toMatchObject({ code: 'AuthorizationFailed' });
  await expect(assign(ROLES.contributor.guid, 'User')).rejects.toMatchObject({ code: 'AuthorizationFailed' });
  expect((await assign(ROLES.contributor.guid)).principalId).toBe(WORLD.eventsIdentity.oid);
});
