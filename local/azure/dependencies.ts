import type { Cloud } from './cloud.ts';
import { azureError, type Reply, type StoredResource } from './core.ts';

/** Types that Azure does not delete while something else refers to them, with the code of the refusal. */
const HELD: Readonly<Record<string, string>> = {
  'microsoft.network/virtualnetworks': 'InUseSubnetCannotBeDeleted',
  'microsoft.network/virtualnetworks/subnets': 'InUseSubnetCannotBeDeleted',
  'microsoft.network/networkinterfaces': 'NicInUse',
  'microsoft.network/networksecuritygroups': 'InUseNetworkSecurityGroupCannotBeDeleted',
  'microsoft.network/publicipaddresses': 'PublicIPAddressCannotBeDeleted',
  'microsoft.network/natgateways': 'NatGatewayInUse',
  'microsoft.network/routetables': 'InUseRouteTableCannotBeDeleted',
  'microsoft.compute/disks': 'OperationNotAllowed',
};

/** What may refer to something below `id`, whatever it is: resources of which a property holds an id that begins so. */
function referringTo(cloud: Cloud, id: string): { readonly by: StoredResource; readonly text: string }[] {
  return cloud.resources
    .list((r) => r.deletingUntil === undefined)
    .map((by) => ({ by, text: JSON.stringify(by.properties).toLowerCase() }))
    .filter(({ text }) => text.includes(`"${id.toLowerCase()}`));
}

/** What refers to `resource` or to something in it, from outside of it and of `scope`; undefined when nothing does. */
export function userOf(
  cloud: Cloud,
  resource: StoredResource,
  scope: string,
  candidates = referringTo(cloud, resource.id),
): { readonly used: string; readonly by: StoredResource } | undefined {
  if (!HELD[resource.type.toLowerCase()] || candidates.length === 0) return undefined;
  const inside = [`${resource.id.toLowerCase()}/`, `${scope.toLowerCase()}/`];
  const parts = [resource, ...cloud.resources.below(resource.id)].map(({ id }) => id);
  for (const { by, text } of candidates) {
    const id = by.id.toLowerCase();
    if (id === resource.id.toLowerCase() || inside.some((prefix) => id.startsWith(prefix))) continue;
    const used = parts.find((part) => text.includes(`"${part.toLowerCase()}"`));
    if (used) return { used, by };
  }
  return undefined;
}

/** Azure's 400 for deleting what something else uses; undefined when nothing does. */
export function refuseInUse(cloud: Cloud, resource: StoredResource): Reply | undefined {
  const user = userOf(cloud, resource, resource.id);
  if (!user) return undefined;
  const [kind, name] = user.used.split('/').slice(-2);
  return azureError(
    400,
    HELD[resource.type.toLowerCase()] ?? 'InUse',
    `${singular(kind ?? '')} ${name} is in use by ${user.by.id} and cannot be deleted. In order to delete it, remove what uses it.`,
  );
}

/** Resources of a group that something outside of the group uses: its deletion ends without them. */
export function heldFromOutside(cloud: Cloud, groupId: string): StoredResource[] {
  const candidates = referringTo(cloud, groupId);
  if (candidates.length === 0) return [];
  return cloud.resources.below(groupId).filter((resource) => userOf(cloud, resource, groupId, candidates));
}

function singular(kind: string): string {
  const word = kind
    .replace(/ies$/, 'y')
    .replace(/(s)es$/, '$1')
    .replace(/s$/, '');
  return word.charAt(0).toUpperCase() + word.slice(1);
}
