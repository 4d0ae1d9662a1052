import type { Cloud } from './cloud.ts';
import { azureError, type Reply, type Request, type ResourceProvider, type StoredResource } from './core.ts';

/** A resource that its provider keeps after its deletion. */
export interface KeptResource {
  /** Id of the deleted thing, under the provider's locations. */
  readonly id: string;
  readonly resource: StoredResource;
  readonly deletedAt: number;
  /** On its way out since a purge; gone from then on. */
  purgedAt?: number;
}

interface Keeper {
  readonly type: string;
  readonly list: string;
  /** Whether a purge is POST .../purge or DELETE; Log Analytics has none. */
  readonly purge: 'POST' | 'DELETE' | undefined;
  /** The member of `properties` that says where it was. */
  readonly original: string;
}

const KEEPERS: Readonly<Record<string, Keeper>> = {
  'Microsoft.KeyVault': { type: 'vaults', list: 'deletedVaults', purge: 'POST', original: 'vaultId' },
  'Microsoft.CognitiveServices': {
    type: 'accounts',
    list: 'deletedAccounts',
    purge: 'DELETE',
    original: 'accountId',
  },
  'Microsoft.ApiManagement': {
    type: 'service',
    list: 'deletedservices',
    purge: 'DELETE',
    original: 'serviceId',
  },
  'Microsoft.AppConfiguration': {
    type: 'configurationStores',
    list: 'deletedConfigurationStores',
    purge: 'POST',
    original: 'configurationStoreId',
  },
  'Microsoft.OperationalInsights': {
    type: 'workspaces',
    list: 'deletedWorkspaces',
    purge: undefined,
    original: 'workspaceId',
  },
};

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 90;

/** What the providers keep after deletion, however the resource was deleted: by itself or with its group. */
export class SoftDeletions {
  private readonly kept = new Map<string, KeptResource>();
  /** Deleted with force=true: not kept. */
  private readonly forced = new Set<string>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Keeps `resource`, which was just removed, if its provider does such things. */
  keep(resource: StoredResource): void {
    const namespace = resource.type.split('/')[0] ?? '';
    const keeper = KEEPERS[namespace];
    if (!keeper || resource.type !== `${namespace}/${keeper.type}`) return;
    if (this.forced.delete(resource.id.toLowerCase())) return;
    const id = deletedId(resource, namespace, keeper);
    this.kept.set(id.toLowerCase(), { id, resource, deletedAt: this.now() });
  }

  force(id: string): void {
    this.forced.add(id.toLowerCase());
  }

  get(id: string): KeptResource | undefined {
    return this.list().find((one) => one.id.toLowerCase() === id.toLowerCase());
  }

  list(): KeptResource[] {
    for (const [key, one] of this.kept) {
      if (one.purgedAt !== undefined && one.purgedAt <= this.now()) this.kept.delete(key);
    }
    return [...this.kept.values()];
  }

  /** Azure's 409 for a name that a deleted resource of the type still holds; undefined when it is free. */
  refuseName(type: string, name: string): Reply | undefined {
    const holder = this.list().find(
      ({ resource }) => resource.type === type && resource.name.toLowerCase() === name.toLowerCase(),
    );
    if (!holder || type.startsWith('Microsoft.OperationalInsights/')) return undefined;
    return azureError(
      409,
      'ConflictError',
      `A resource with the same name already exists in deleted state. You need to either recover or purge the existing '${name}'.`,
    );
  }
}

/** The providers' lists of deleted things and their purges, and deletion with force=true. */
export function createSoftDeletion(cloud: Cloud): ResourceProvider[] {
  return Object.entries(KEEPERS).map(([namespace, keeper]) => ({
    namespace,
    handle: (request) => handle(cloud, namespace, keeper, request),
  }));
}

function handle(cloud: Cloud, namespace: string, keeper: Keeper, request: Request): Reply | undefined {
  const rest = request.path.slice(request.path.toLowerCase().lastIndexOf(namespace.toLowerCase()));
  if (request.method === 'DELETE' && request.query.force === 'true') cloud.softDeletions.force(request.path);
  if (!rest.toLowerCase().includes(`/${keeper.list.toLowerCase()}`)) return undefined;
  if (request.method === 'GET') {
    const listed = cloud.softDeletions.list().filter(({ resource }) => resource.type.startsWith(namespace));
    return { status: 200, body: { value: listed.map((one) => view(one, namespace, keeper)) } };
  }
  if (request.method !== keeper.purge) {
    return azureError(405, 'MethodNotAllowed', `The stand-in knows no ${request.method} for ${rest}.`);
  }
  return purge(cloud, request.path.replace(/\/purge$/i, ''), request);
}

function purge(cloud: Cloud, id: string, request: Request): Reply {
  const kept = cloud.softDeletions.get(id);
  if (!kept) return azureError(404, 'DeletedResourceNotFound', `'${id}' was not found.`);
  if (kept.resource.properties.enablePurgeProtection === true) {
    return azureError(409, 'MethodNotAllowed', 'Operation is not allowed: purge protection is enabled.');
  }
  const durationMs = cloud.delays.resourceDelete;
  kept.purgedAt ??= cloud.now() + durationMs;
  const [, , subscriptionId = ''] = id.split('/');
  const { location } = cloud.operations.begin(subscriptionId, request.query['api-version'] ?? '', {
    durationMs,
  });
  return { status: 202, headers: { location } };
}

function deletedId(resource: StoredResource, namespace: string, { list }: Keeper): string {
  const [, , subscriptionId, , group] = resource.id.split('/');
  // Names of accounts are unique in their group only.
  const inGroup = list === 'deletedAccounts' ? `/resourceGroups/${group}` : '';
  return `/subscriptions/${subscriptionId}/providers/${namespace}/locations/${resource.location}${inGroup}/${list}/${resource.name}`;
}

function view({ id, resource, deletedAt }: KeptResource, namespace: string, { list, original }: Keeper) {
  return {
    id,
    name: resource.name,
    type: `${namespace}/${list}`,
    location: resource.location,
    properties: {
      [original]: resource.id,
      location: resource.location,
      deletionDate: new Date(deletedAt).toISOString(),
      scheduledPurgeDate: new Date(deletedAt + RETENTION_DAYS * DAY_MS).toISOString(),
      purgeProtectionEnabled: resource.properties.enablePurgeProtection === true,
      tags: resource.tags,
    },
  };
}
