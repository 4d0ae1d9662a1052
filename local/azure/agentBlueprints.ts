import { type Chance, shuffled } from './agentBehaviour.ts';

/** A kind of resource that agents make. */
export interface Blueprint {
  readonly type: string;
  readonly apiVersion: string;
  /** Ends the name; letters and digits only, because storage accounts take nothing else. */
  readonly suffix: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Made inside the resource: name and body. Children carry no tags. */
  readonly child?: {
    readonly type: string;
    readonly name: string;
    readonly body: Readonly<Record<string, unknown>>;
  };
}

/** A resource to be made: what, where, and with what body. */
export interface PlannedResource {
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const STORAGE: Blueprint = {
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2024-01-01',
  suffix: 'st',
  body: { sku: { name: 'Standard_LRS' }, kind: 'StorageV2', properties: { minimumTlsVersion: 'TLS1_2' } },
};
const NETWORK: Blueprint = {
  type: 'Microsoft.Network/virtualNetworks',
  apiVersion: '2024-05-01',
  suffix: 'vnet',
  body: { properties: { addressSpace: { addressPrefixes: ['10.20.0.0/16'] } } },
  child: {
    type: 'subnets',
    name: 'workload',
    body: { properties: { addressPrefix: '10.20.1.0/24' } },
  },
};
const NSG: Blueprint = {
  type: 'Microsoft.Network/networkSecurityGroups',
  apiVersion: '2024-05-01',
  suffix: 'nsg',
  body: { properties: { securityRules: [] } },
};
const PUBLIC_IP: Blueprint = {
  type: 'Microsoft.Network/publicIPAddresses',
  apiVersion: '2024-05-01',
  suffix: 'pip',
  body: { sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static' } },
};
const VAULT: Blueprint = {
  type: 'Microsoft.KeyVault/vaults',
  apiVersion: '2023-07-01',
  suffix: 'kv',
  body: {
    properties: { sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true, accessPolicies: [] },
  },
};
const PLAN: Blueprint = {
  type: 'Microsoft.Web/serverfarms',
  apiVersion: '2024-04-01',
  suffix: 'plan',
  body: { sku: { name: 'B1' }, kind: 'linux', properties: { reserved: true } },
};
const SITE: Blueprint = {
  type: 'Microsoft.Web/sites',
  apiVersion: '2024-04-01',
  suffix: 'app',
  body: { kind: 'app,linux', properties: { httpsOnly: true } },
};
const SQL: Blueprint = {
  type: 'Microsoft.Sql/servers',
  apiVersion: '2023-08-01',
  suffix: 'sql',
  body: { properties: { version: '12.0', publicNetworkAccess: 'Disabled' } },
  child: { type: 'databases', name: 'orders', body: { sku: { name: 'Basic' }, properties: {} } },
};
const CONTAINER: Blueprint = {
  type: 'Microsoft.ContainerInstance/containerGroups',
  apiVersion: '2023-05-01',
  suffix: 'ci',
  body: { properties: { osType: 'Linux', containers: [] } },
};
const COGNITIVE: Blueprint = {
  type: 'Microsoft.CognitiveServices/accounts',
  apiVersion: '2024-10-01',
  suffix: 'ai',
  body: { sku: { name: 'S0' }, kind: 'ComputerVision', properties: {} },
};
const WORKSPACE: Blueprint = {
  type: 'Microsoft.OperationalInsights/workspaces',
  apiVersion: '2023-09-01',
  suffix: 'log',
  body: { properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 } },
};
const AVAILABILITY_SET: Blueprint = {
  type: 'Microsoft.Compute/availabilitySets',
  apiVersion: '2024-07-01',
  suffix: 'avset',
  body: {
    sku: { name: 'Aligned' },
    properties: { platformFaultDomainCount: 2, platformUpdateDomainCount: 5 },
  },
};
const EVENT_HUB: Blueprint = {
  type: 'Microsoft.EventHub/namespaces',
  apiVersion: '2024-01-01',
  suffix: 'evh',
  body: { sku: { name: 'Standard' }, properties: {} },
  child: { type: 'eventhubs', name: 'telemetry', body: { properties: { partitionCount: 2 } } },
};
const IDENTITY: Blueprint = {
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  apiVersion: '2023-01-31',
  suffix: 'id',
  body: {},
};

/** Blueprints by the beginning of a scenario id. */
const AREAS: Readonly<Record<string, readonly Blueprint[]>> = {
  ai: [COGNITIVE, STORAGE, VAULT, WORKSPACE],
  analytics: [EVENT_HUB, STORAGE, WORKSPACE, VAULT],
  compute: [NETWORK, NSG, PUBLIC_IP, AVAILABILITY_SET],
  containers: [CONTAINER, WORKSPACE, IDENTITY, STORAGE],
  databases: [SQL, VAULT, NETWORK, WORKSPACE],
  hybrid: [WORKSPACE, STORAGE, IDENTITY, VAULT],
  identity: [IDENTITY, VAULT, STORAGE, WORKSPACE],
  networking: [NETWORK, NSG, PUBLIC_IP, STORAGE],
  security: [VAULT, WORKSPACE, NSG, STORAGE],
  web: [PLAN, SITE, STORAGE, WORKSPACE],
};
const ANY = [STORAGE, NETWORK, WORKSPACE, VAULT];

const MIN_RESOURCES = 3;
const MAX_RESOURCES = 7;

interface Place {
  readonly subscriptionId: string;
  readonly group: string;
  readonly location: string;
  readonly namePrefix: string;
  readonly scenarioId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The 3 to 7 resources of one agent, parents before their children, one or two top-level ones without tags: what a
 * forgetful script makes, and what only a look at the resource group finds.
 */
export function planResources(place: Place, chance: Chance): PlannedResource[] {
  const area = Object.entries(AREAS).find(([prefix]) => place.scenarioId.startsWith(prefix));
  const blueprints = shuffled(area?.[1] ?? ANY, chance);
  const count = MIN_RESOURCES + Math.floor(chance() * (MAX_RESOURCES - MIN_RESOURCES + 1));
  // The second is among the first three resources, whatever the first one has inside; so one is always untagged.
  const untagged = new Set(chance() < 0.5 ? [1] : [1, 3]);
  return blueprints.flatMap((blueprint, at) => expand(blueprint, place, untagged.has(at))).slice(0, count);
}

function expand(blueprint: Blueprint, place: Place, untagged: boolean): PlannedResource[] {
  const { subscriptionId, group, location } = place;
  const unique = place.scenarioId.replace(/[^a-z0-9]/g, '').slice(-6);
  const name = `${place.namePrefix}${unique}${blueprint.suffix}`.toLowerCase().slice(0, 24);
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${blueprint.type}/${name}`;
  const { type, apiVersion, child } = blueprint;
  const parent = {
    id,
    type,
    apiVersion,
    body: { location, ...(untagged ? {} : { tags: place.tags }), ...blueprint.body },
  };
  if (!child) return [parent];
  return [
    parent,
    {
      id: `${id}/${child.type}/${child.name}`,
      type: `${type}/${child.type}`,
      apiVersion,
      body: { location, ...child.body },
    },
  ];
}
