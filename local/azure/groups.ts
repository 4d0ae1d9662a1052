import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import { azureError, type Principal, type Reply, type Request, type StoredResource } from './core.ts';
import { heldFromOutside } from './dependencies.ts';
import { GROUP_TYPE } from './resources.ts';
import { resourceView } from './resourceView.ts';

const GroupBody = z.object({
  location: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  managedBy: z.string().optional(),
});

/** PUT, GET, HEAD, PATCH and DELETE of a resource group; deletion takes a while and takes everything along. */
export function handleGroup(cloud: Cloud, caller: Principal, request: Request, name: string): Reply {
  const [, subscriptionId = ''] = request.path.split('/').filter(Boolean);
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
  const existing = cloud.resources.get(id);
  if (request.method === 'HEAD') return { status: existing ? 204 : 404 };
  if (request.method === 'PUT') return put(cloud, caller, request, id, existing);
  if (!existing) return groupNotFound(name);
  switch (request.method) {
    case 'GET':
      return { status: 200, body: resourceView(existing, cloud.now()) };
    case 'PATCH': {
      const { tags } = GroupBody.parse(request.json ?? {});
      if (tags) existing.tags = { ...tags };
      cloud.resources.put(existing);
      return { status: 200, body: resourceView(existing, cloud.now()) };
    }
    case 'DELETE': {
      const held = heldFromOutside(cloud, id);
      if (held.length > 0) return deleteWhatCanGo(cloud, request, existing, held);
      if (cloud.lies.spares(id)) deleteAllButOne(cloud, id);
      else cloud.resources.beginDelete(id, cloud.delays.groupDelete);
      const durationMs = Math.max(0, (existing.deletingUntil ?? 0) - cloud.now());
      const apiVersion = request.query['api-version'] ?? '';
      const { location } = cloud.operations.begin(subscriptionId, apiVersion, { durationMs });
      return { status: 202, headers: { location } };
    }
    default:
      return azureError(405, 'MethodNotAllowed', `A resource group cannot be asked to ${request.method}.`);
  }
}

function deleteAllButOne(cloud: Cloud, groupId: string): void {
  const [, ...others] = cloud.resources.below(groupId);
  for (const other of others) cloud.resources.beginDelete(other.id, cloud.delays.resourceDelete);
}

function put(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  id: string,
  existing: StoredResource | undefined,
): Reply {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const body = GroupBody.safeParse(request.json);
  if (!body.success || !body.data.location) {
    return azureError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  if (!/^[\w.()-]{1,90}$/.test(name) || name.endsWith('.')) {
    return azureError(400, 'InvalidResourceGroup', `The resource group name '${name}' is not valid.`);
  }
  const { location, tags, managedBy } = body.data;
  if (existing && existing.location !== location) {
    return azureError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
    );
  }
  const group: StoredResource = existing ?? {
    id,
    name,
    type: GROUP_TYPE,
    location,
    tags: {},
    properties: {},
    rest: managedBy ? { managedBy } : {},
    createdAt: cloud.now(),
    createdBy: caller.oid,
  };
  group.tags = { ...tags };
  cloud.resources.put(group);
  return { status: existing ? 200 : 201, body: resourceView(group, cloud.now()) };
}

/** Azure accepts, deletes what it can, and ends the operation as failed; the group is there again with the rest. */
function deleteWhatCanGo(
  cloud: Cloud,
  request: Request,
  group: StoredResource,
  held: readonly StoredResource[],
): Reply {
  const { id } = group;
  group.failingUntil = cloud.now() + cloud.delays.groupDelete;
  const stays = (r: StoredResource) =>
    held.some((h) => `${h.id}/`.toLowerCase().startsWith(`${r.id}/`.toLowerCase()) || h.id === r.id);
  for (const resource of cloud.resources.below(id)) {
    if (!stays(resource)) cloud.resources.beginDelete(resource.id, cloud.delays.resourceDelete);
  }
  const names = held.map((h) => h.id).join(', ');
  const message = `Deletion of resource group '${id.slice(id.lastIndexOf('/') + 1)}' failed as resources with identifiers '${names}' could not be deleted.`;
  const [, subscriptionId = ''] = request.path.split('/').filter(Boolean);
  const { location } = cloud.operations.begin(subscriptionId, request.query['api-version'] ?? '', {
    durationMs: cloud.delays.groupDelete,
    error: { code: 'ResourceGroupDeletionBlocked', message },
  });
  return { status: 202, headers: { location } };
}

export function groupNotFound(name: string): Reply {
  return azureError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}

/** Azure's 409 for writing into a group that is being deleted. */
export function groupBeingDeleted(name: string): Reply {
  return azureError(
    409,
    'ResourceGroupBeingDeleted',
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
  );
}
