import { bodyOf } from './body.ts';
import { arm, type Json } from './cloud.ts';
import { collectionId, groupId, resourceId, siblingId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import type { ResourceKind } from './resourceTypes.ts';
import { CliError } from './session.ts';

/** What a command does with a kind of resource. */
type Verb = (invocation: Invocation, kind: ResourceKind) => Promise<unknown>;

/** Changes of state that leave no trace in the stand-in: the resource must exist, that is all. */
const WITHOUT_TRACE =
  'start stop restart deallocate redeploy resize scale swap sync open-port simulate-eviction failover set-mode upgrade convert reimage repair';
/** Lists that Azure answers about a resource and that nobody relies on here. */
const EMPTY_LISTS =
  'list-usage list-skus list-models list-deleted list-usages list-sizes list-instances list-instance-public-ips list-runtimes list-functions list-available-ips list-instance-connection-info list-peer-routes list-learned-routes list-bgp-peer-status list-route-tables list-versions';

/** The verbs that every kind of resource has. */
export const RESOURCE_VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['create', create],
  ['show', async (invocation, kind) => flattened(await arm.get(resourceId(invocation, kind)))],
  ['list', list],
  ['update', update],
  ['set', update],
  ['delete', remove],
  ['wait', wait],
  [
    'exists',
    async (invocation, kind) => ({ exists: (await arm.find(resourceId(invocation, kind))) !== undefined }),
  ],
  ...WITHOUT_TRACE.split(' ').map((verb) => [verb, touch] as const),
  ...EMPTY_LISTS.split(' ').map((verb) => [verb, emptyList] as const),
]);

/** The resource with its properties at the top as well: some commands of the real CLI show them there, some do not. */
export function flattened(resource: Json): Json {
  const [, , , , group] = String(resource.id ?? '').split('/');
  return { resourceGroup: group, ...Object(resource.properties), ...resource };
}

async function create(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  const id = resourceId(invocation, kind);
  if (kind.type === 'Microsoft.Network/virtualNetworks/subnets') await refuseOverlap(invocation, id);
  const made = await arm.put(id, bodyOf(invocation, kind.type));
  await makeCompanions(invocation, kind, id);
  return flattened(made);
}

/** Two subnets of a network do not share addresses. */
async function refuseOverlap(invocation: Invocation, id: string): Promise<void> {
  const wanted = rangeOf(invocation.value('address-prefixes') ?? '');
  const siblings = await arm.list(id.slice(0, id.lastIndexOf('/')));
  const taken = siblings.find((subnet) => {
    const range = rangeOf(String(Object(subnet.properties).addressPrefix ?? ''));
    return subnet.id !== id && range && wanted && range.first <= wanted.last && wanted.first <= range.last;
  });
  if (!taken) return;
  throw new CliError(
    `(NetcfgSubnetRangesOverlap) Subnet '${invocation.value('name')}' is not valid because its IP address range overlaps with that of subnet '${taken.name}'.`,
  );
}

/** The first and the last address of a range such as 10.0.1.0/24, as numbers. */
function rangeOf(prefix: string): { readonly first: number; readonly last: number } | undefined {
  const [, address = '', bits] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(prefix) ?? [];
  if (bits === undefined) return undefined;
  const first = address.split('.').reduce((total, part) => total * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}

/** Resources that Azure, or the CLI, makes together with the one that is asked for. */
async function makeCompanions(invocation: Invocation, kind: ResourceKind, id: string): Promise<void> {
  const { type } = kind;
  const subnet = invocation.value('subnet-name');
  if (type === 'Microsoft.Network/virtualNetworks' && subnet) {
    const addressPrefix = invocation.value('subnet-prefixes', 'subnet-prefix');
    await arm.put(`${id}/subnets/${subnet}`, { properties: { addressPrefix } });
  }
  if (type === 'Microsoft.Compute/virtualMachines') {
    const disk = invocation.value('os-disk-name') ?? `${invocation.value('name')}-os`;
    await arm.put(siblingId(invocation, 'Microsoft.Compute/disks', disk), {
      location: invocation.value('location') ?? process.env.LOCATION,
      tags: invocation.pairs('tags') ?? {},
      managedBy: id,
      properties: { diskState: 'Attached', diskSizeGb: 30 },
    });
  }
}

async function list(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  if (kind.parents.length > 0) await arm.get(parentOf(collectionId(invocation, kind)));
  return (await arm.list(collectionId(invocation, kind))).map(flattened);
}

function parentOf(collection: string): string {
  const parent = collection.slice(0, collection.lastIndexOf('/'));
  return parent.endsWith('/default') ? parentOf(parent.slice(0, parent.lastIndexOf('/'))) : parent;
}

async function update(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  const id = resourceId(invocation, kind);
  // What there is only one of exists from the beginning and is made by the first change.
  const existing = kind.fixedName ? ((await arm.find(id)) ?? {}) : await arm.get(id);
  return flattened(await arm.put(id, bodyOf(invocation, kind.type, existing)));
}

async function remove(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  const id = resourceId(invocation, kind);
  const existing = await arm.find(id);
  await arm.remove(id);
  const { osDisk } = Object(Object(existing?.properties).storageProfile);
  const { deleteOption, managedDisk } = Object(osDisk);
  if (deleteOption === 'Delete') await arm.remove(String(managedDisk.id));
  return undefined;
}

async function wait(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  const id = resourceId(invocation, kind);
  await (invocation.has('deleted') ? arm.gone(id) : arm.settled(id));
  return undefined;
}

async function touch(invocation: Invocation, kind: ResourceKind): Promise<unknown> {
  return flattened(await arm.get(resourceId(invocation, kind)));
}

async function emptyList(invocation: Invocation): Promise<unknown> {
  if (invocation.has('resource-group')) await arm.list(`${groupId(invocation)}/resources`, GROUP_VERSION);
  return [];
}

const GROUP_VERSION = '2021-04-01';

/** `az resource …`: any resource by its id, or by type and name. */
export async function anyResource(invocation: Invocation): Promise<unknown> {
  const version = invocation.value('api-version');
  if (invocation.verb === 'list') {
    const type = invocation.value('resource-type');
    const tag = invocation.value('tag')?.split('=');
    const filter = type
      ? `?$filter=resourceType eq '${type}'`
      : tag
        ? `?$filter=tagName eq '${tag[0]}' and tagValue eq '${tag[1] ?? ''}'`
        : '';
    return arm.list(`${groupId(invocation)}/resources${filter}`, GROUP_VERSION);
  }
  const ids = invocation.has('ids') ? invocation.values('ids') : [anyResourceId(invocation)];
  const results: unknown[] = [];
  for (const id of ids) results.push(await oneResource(invocation, id, version));
  return results.length === 1 ? results[0] : results;
}

function anyResourceId(invocation: Invocation): string {
  const type = invocation.need('resource-type');
  const namespace = invocation.value('namespace');
  const parent = invocation.value('parent');
  const path = namespace
    ? [namespace, parent, type, invocation.need('name')].filter(Boolean).join('/')
    : `${type}/${invocation.need('name')}`;
  return `${groupId(invocation)}/providers/${path}`;
}

async function oneResource(
  invocation: Invocation,
  id: string,
  version: string | undefined,
): Promise<unknown> {
  switch (invocation.verb) {
    case 'show':
      return arm.get(id, version);
    case 'delete':
      return arm.remove(id, version);
    case 'wait':
      return invocation.has('deleted') ? arm.gone(id, version) : arm.settled(id, version);
    case 'create': {
      const given: Json = Object(JSON.parse(invocation.value('properties') ?? '{}'));
      const location = invocation.value('location') ?? process.env.LOCATION;
      return arm.put(id, invocation.has('is-full-object') ? given : { location, properties: given }, version);
    }
    case 'tag':
    case 'update': {
      const existing = await arm.get(id, version);
      const { location, sku, kind, identity } = existing;
      const body = bodyOf(invocation, '', existing);
      return arm.put(id, { ...body, location, sku, kind, identity }, version);
    }
    case 'invoke-action':
      await arm.get(id, version);
      return { runId: '00000000-0000-4000-8000-000000000001', value: [] };
    default:
      throw new CliError(`"az ${invocation.path}" is unknown to the shim.`, 2);
  }
}
