import { randomUUID } from 'node:crypto';
import {
  delegationCondition,
  rolesThatTheAppAssigns,
  rolesThatTheAppRemoves,
} from '../../src/domain/roles.ts';
import { IDS, WORLD } from '../world.ts';
import type { Cloud } from './cloud.ts';
import type { Principal } from './core.ts';
import { GROUP_TYPE } from './resources.ts';
import { ROLES, type RoleDefinition } from './roles.ts';

const SUBSCRIPTION = `/subscriptions/${WORLD.subscriptionId}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/${WORLD.platformGroup}`;
const IDENTITY_TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** What an operator has deployed before the first run: the platform's group, its resources, identities and roles. */
export function seedPlatform(cloud: Cloud): void {
  addResource(cloud, GROUP, GROUP_TYPE);
  addResource(cloud, IDS.keyVault, 'Microsoft.KeyVault/vaults', { enableSoftDelete: true });
  addResource(cloud, IDS.serviceBus, 'Microsoft.ServiceBus/namespaces');
  addResource(cloud, IDS.topic, 'Microsoft.ServiceBus/namespaces/topics');
  addResource(cloud, IDS.storage, 'Microsoft.Storage/storageAccounts');
  addResource(cloud, IDS.registry, 'Microsoft.ContainerRegistry/registries', { loginServer: WORLD.registry });
  addIdentity(cloud, `${GROUP}/providers/${IDENTITY_TYPE}/${WORLD.app.displayName}`, WORLD.app);
  addIdentity(cloud, IDS.agentIdentity, WORLD.agentIdentity);
  addIdentity(cloud, IDS.eventsIdentity, WORLD.eventsIdentity);
  cloud.directory.appRoles.set(WORLD.app.oid, ['Application.ReadWrite.OwnedBy']);
  for (const [principal, role, scope, condition] of assignments()) {
    cloud.authorization.seed(principal.oid, role, scope, randomUUID(), condition);
  }
}

/** The app may assign only what agents need: an operator who allows privileged scenarios has deployed it so. */
function appCondition(): string {
  const guids = (roles: readonly { guid: string }[]) => roles.map(({ guid }) => guid);
  const privileged = { privileged: true };
  return delegationCondition(
    guids(rolesThatTheAppAssigns(privileged)),
    guids(rolesThatTheAppRemoves(privileged)),
  );
}

function assignments(): [Principal, RoleDefinition, string, string?][] {
  return [
    [WORLD.app, ROLES.orchestrator, SUBSCRIPTION, appCondition()],
    [WORLD.app, ROLES.jobRunner, GROUP],
    [WORLD.app, ROLES.keyVaultSecretsOfficer, IDS.keyVault],
    [WORLD.app, ROLES.serviceBusDataOwner, IDS.topic],
    [WORLD.app, ROLES.storageBlobDataOwner, IDS.storage],
    [WORLD.app, ROLES.storageTableDataContributor, IDS.storage],
    [WORLD.app, ROLES.storageQueueDataContributor, IDS.storage],
    [WORLD.app, ROLES.acrPull, IDS.registry],
    [WORLD.agentIdentity, ROLES.acrPull, IDS.registry],
    [WORLD.agentIdentity, ROLES.keyVaultSecretsUser, IDS.keyVault],
    [WORLD.eventsIdentity, ROLES.serviceBusDataSender, IDS.topic],
  ];
}

function addIdentity(cloud: Cloud, id: string, identity: Principal): void {
  cloud.directory.addManagedIdentity(identity);
  addResource(cloud, id, IDENTITY_TYPE, {
    tenantId: WORLD.tenantId,
    principalId: identity.oid,
    clientId: identity.appId,
  });
}

function addResource(cloud: Cloud, id: string, type: string, properties: Record<string, unknown> = {}): void {
  cloud.resources.put({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type,
    location: WORLD.location,
    tags: {},
    properties,
    rest: {},
    createdAt: cloud.now(),
    createdBy: 'platform',
  });
}
