import jobRunner from '../../infra/roles/jobRunner.json' with { type: 'json' };
import orchestrator from '../../infra/roles/orchestrator.json' with { type: 'json' };

/** What a role lets its holder do. Patterns as in Azure: `*` stands for any text, case does not matter. */
export interface RoleDefinition {
  /** The GUID at the end of the definition's id. */
  readonly guid: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

const role = (
  guid: string,
  name: string,
  actions: readonly string[],
  dataActions: readonly string[] = [],
  notActions: readonly string[] = [],
): RoleDefinition => ({ guid, name, actions, notActions, dataActions });

/** A role of our own, as infra/ deploys it. */
const own = (
  guid: string,
  file: { name: string; actions: { action: string }[]; notActions: { action: string }[] },
): RoleDefinition =>
  role(
    guid,
    file.name,
    file.actions.map(({ action }) => action),
    [],
    file.notActions.map(({ action }) => action),
  );

const BLOB_DATA = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/';
const TABLE_DATA = 'Microsoft.Storage/storageAccounts/tableServices/tables/';
const QUEUE_DATA = 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/';

/**
 * Azure's built-in roles that the project names, with their real ids
 * (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles), and the two roles of our own: on the
 * target subscription, and in the platform's group.
 */
export const ROLES = {
  owner: role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', ['*']),
  contributor: role(
    'b24988ac-6180-42a0-ab88-20f7382dd24c',
    'Contributor',
    ['*'],
    [],
    [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
    ],
  ),
  reader: role('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', ['*/read']),
  userAccessAdministrator: role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator', [
    '*/read',
    'Microsoft.Authorization/*',
    'Microsoft.Support/*',
  ]),
  accessAdministrator: role(
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
    'Role Based Access Control Administrator',
    [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  ),
  acrPull: role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', [
    'Microsoft.ContainerRegistry/registries/pull/read',
  ]),
  keyVaultSecretsOfficer: role(
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    'Key Vault Secrets Officer',
    ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/checkNameAvailability/read'],
    ['Microsoft.KeyVault/vaults/secrets/*'],
  ),
  keyVaultSecretsUser: role(
    '4633458b-17de-408a-b874-0445c86b69e6',
    'Key Vault Secrets User',
    [],
    [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
    ],
  ),
  serviceBusDataOwner: role(
    '090c5cfd-751d-490a-894a-3ce6f1109419',
    'Azure Service Bus Data Owner',
    ['Microsoft.ServiceBus/*'],
    ['Microsoft.ServiceBus/*'],
  ),
  serviceBusDataSender: role(
    '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39',
    'Azure Service Bus Data Sender',
    ['Microsoft.ServiceBus/*/queues/read', 'Microsoft.ServiceBus/*/topics/read'],
    ['Microsoft.ServiceBus/*/send/action'],
  ),
  serviceBusDataReceiver: role(
    '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0',
    'Azure Service Bus Data Receiver',
    ['Microsoft.ServiceBus/*/queues/read', 'Microsoft.ServiceBus/*/topics/read'],
    ['Microsoft.ServiceBus/*/receive/action'],
  ),
  storageBlobDataContributor: role(
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    'Storage Blob Data Contributor',
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/delete',
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      'Microsoft.Storage/storageAccounts/blobServices/containers/write',
      'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    ],
    ['delete', 'read', 'write', 'move/action', 'add/action'].map((verb) => `${BLOB_DATA}${verb}`),
  ),
  storageBlobDataReader: role(
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    'Storage Blob Data Reader',
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    ],
    [`${BLOB_DATA}read`],
  ),
  storageBlobDataOwner: role(
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    'Storage Blob Data Owner',
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/*',
      'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    ],
    [`${BLOB_DATA}*`],
  ),
  storageTableDataContributor: role(
    '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    'Storage Table Data Contributor',
    ['read', 'write', 'delete'].map((verb) => `${TABLE_DATA}${verb}`),
    ['read', 'write', 'delete', 'add/action', 'update/action'].map((verb) => `${TABLE_DATA}entities/${verb}`),
  ),
  storageQueueDataContributor: role(
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    'Storage Queue Data Contributor',
    ['read', 'write', 'delete'].map(
      (verb) => `Microsoft.Storage/storageAccounts/queueServices/queues/${verb}`,
    ),
    ['delete', 'read', 'write', 'process/action'].map((verb) => `${QUEUE_DATA}${verb}`),
  ),
  orchestrator: own('d1e7a3c9-5b26-4f80-9a4d-3c8e6f20b715', orchestrator),
  jobRunner: own('7c2d9e14-83fa-4b61-9d05-a1b7c4e8f263', jobRunner),
} as const satisfies Record<string, RoleDefinition>;

const BY_GUID = new Map<string, RoleDefinition>(Object.values(ROLES).map((r) => [r.guid, r]));

/** The role definition at the end of `roleDefinitionId`; undefined when there is none. */
export function roleById(roleDefinitionId: string): RoleDefinition | undefined {
  return BY_GUID.get((roleDefinitionId.split('/').pop() ?? '').toLowerCase());
}

/** Whether the role grants a control-plane action or a data action. */
export function grants(definition: RoleDefinition, action: string, kind: 'action' | 'dataAction'): boolean {
  if (kind === 'dataAction') return definition.dataActions.some((p) => matches(p, action));
  return (
    definition.actions.some((p) => matches(p, action)) &&
    !definition.notActions.some((p) => matches(p, action))
  );
}

function matches(pattern: string, action: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'i').test(action);
}
