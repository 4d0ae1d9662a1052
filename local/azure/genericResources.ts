import { z } from 'zod';
import type { ArmTarget } from './armPath.ts';
import type { Cloud } from './cloud.ts';
import { azureError, type Principal, type Reply, type Request, type StoredResource } from './core.ts';
import { refuseInUse } from './dependencies.ts';
import { assignIdentity } from './identityResources.ts';
import { canonicalType } from './providers.ts';
import { resourcePage, resourceView } from './resourceView.ts';

const ResourceBody = z.looseObject({
  location: z.string().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
type ResourceBody = z.infer<typeof ResourceBody>;

/** Members that the platform decides. */
const READ_ONLY = new Set(['id', 'name', 'type', 'location', 'tags', 'properties', 'systemData', 'etag']);

/** Any resource of any type: PUT, GET, HEAD, PATCH, DELETE, and GET of a collection. */
export function handleResource(cloud: Cloud, caller: Principal, request: Request, target: ArmTarget): Reply {
  const type = canonicalType(target.namespace ?? '', target.type);
  if (target.isCollection) {
    const scope = request.path.slice(0, request.path.lastIndexOf('/'));
    const base = target.names.length === 0 ? target.parent : scope;
    const all = cloud.resources.below(base).filter((r) => r.type.toLowerCase() === type.toLowerCase());
    return { status: 200, body: { value: all.map((r) => resourceView(r, cloud.now())) } };
  }
  const existing = cloud.resources.get(request.path);
  if (request.method === 'HEAD') return { status: existing ? 204 : 404 };
  if (request.method === 'PUT') return put(cloud, caller, request, target, type, existing);
  if (request.method === 'DELETE') return remove(cloud, request, target, existing);
  if (!existing) return resourceNotFound(target, type);
  switch (request.method) {
    case 'GET':
      return { status: 200, body: resourceView(existing, cloud.now()) };
    case 'PATCH': {
      const body = ResourceBody.parse(request.json ?? {});
      if (body.tags) existing.tags = { ...body.tags };
      if (body.properties) existing.properties = { ...existing.properties, ...body.properties };
      cloud.resources.put(existing);
      return { status: 200, body: resourceView(existing, cloud.now()) };
    }
    default:
      return azureError(
        405,
        'MethodNotAllowed',
        `The stand-in knows no ${request.method} for the resource type '${type}'.`,
      );
  }
}

function put(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  target: ArmTarget,
  type: string,
  existing: StoredResource | undefined,
): Reply {
  const parsed = ResourceBody.safeParse(request.json);
  if (!parsed.success) {
    return azureError(
      400,
      'InvalidRequestContent',
      'The request content was invalid: a JSON object is required.',
    );
  }
  const refusal = refusePut(cloud, request, target, parsed.data, existing);
  if (refusal) return refusal;
  const resource = existing ?? create(cloud, caller, request.path, type, parsed.data.location);
  resource.tags = { ...parsed.data.tags };
  resource.properties = { ...(existing?.properties ?? {}), ...parsed.data.properties };
  resource.rest = Object.fromEntries(Object.entries(parsed.data).filter(([key]) => !READ_ONLY.has(key)));
  resource.provisioningUntil = cloud.now() + cloud.delays.resourceCreate;
  assignIdentity(cloud, resource);
  cloud.resources.put(resource);
  const { asyncOperation } = cloud.operations.begin(
    target.subscriptionId ?? '',
    request.query['api-version'] ?? '',
    { durationMs: cloud.delays.resourceCreate },
  );
  return {
    status: existing ? 200 : 201,
    body: resourceView(resource, cloud.now()),
    headers: { 'azure-asyncoperation': asyncOperation },
  };
}

function refusePut(
  cloud: Cloud,
  request: Request,
  target: ArmTarget,
  body: ResourceBody,
  existing: StoredResource | undefined,
): Reply | undefined {
  if (existing?.deletingUntil !== undefined) {
    return azureError(409, 'AnotherOperationInProgress', `The resource '${request.path}' is being deleted.`);
  }
  if (existing && body.location && existing.location !== body.location) {
    return azureError(
      409,
      'InvalidResourceLocation',
      `The resource '${existing.name}' already exists in location '${existing.location}'.`,
    );
  }
  const name = target.names.at(-1) ?? '';
  const held = existing
    ? undefined
    : cloud.softDeletions.refuseName(`${target.namespace}/${target.type}`, name);
  if (held) return held;
  const depth = target.names.length;
  if (depth === 1 && !body.location && !target.parent.toLowerCase().includes('/providers/')) {
    return azureError(400, 'LocationRequired', 'The location property is required for this definition.');
  }
  if (depth > 1 && !hasParent(cloud, request.path)) {
    return azureError(
      404,
      'ParentResourceNotFound',
      `Failed to perform 'write' on resource(s) of type '${target.type}', because the parent resource could not be found.`,
    );
  }
  return undefined;
}

/** Some parents, such as blobServices/default, exist without having been made. */
function hasParent(cloud: Cloud, path: string): boolean {
  const parent = path.split('/').slice(0, -2).join('/');
  if (cloud.resources.get(parent)) return true;
  return (
    parent.endsWith('/default') && cloud.resources.get(parent.split('/').slice(0, -2).join('/')) !== undefined
  );
}

function create(
  cloud: Cloud,
  caller: Principal,
  path: string,
  type: string,
  location: string | undefined,
): StoredResource {
  return {
    id: path,
    name: path.slice(path.lastIndexOf('/') + 1),
    type,
    location: location ?? 'global',
    tags: {},
    properties: {},
    rest: {},
    createdAt: cloud.now(),
    createdBy: caller.oid,
  };
}

function remove(
  cloud: Cloud,
  request: Request,
  target: ArmTarget,
  existing: StoredResource | undefined,
): Reply {
  if (!existing) return { status: 204 };
  const inUse = refuseInUse(cloud, existing);
  if (inUse) return inUse;
  cloud.resources.beginDelete(existing.id, cloud.delays.resourceDelete);
  const durationMs = Math.max(0, (existing.deletingUntil ?? 0) - cloud.now());
  const { location } = cloud.operations.begin(
    target.subscriptionId ?? '',
    request.query['api-version'] ?? '',
    {
      durationMs,
    },
  );
  return { status: 202, headers: { location } };
}

/** Resources of a group or of the subscription that the caller may read. */
export function listResources(cloud: Cloud, caller: Principal, request: Request, scope: string): Reply {
  const all = cloud.resources
    .below(scope)
    .filter((r) => r.type.split('/').length === 2 && r.type !== 'Microsoft.Resources/resourceGroups')
    .filter((r) => cloud.authorization.can(caller.oid, `${r.type}/read`, r.id));
  return resourcePage(request, all, cloud.now());
}

function resourceNotFound(target: ArmTarget, type: string): Reply {
  const name = target.names.at(-1) ?? '';
  const where = target.group ? ` under resource group '${target.group}'` : '';
  return azureError(404, 'ResourceNotFound', `The Resource '${type}/${name}'${where} was not found.`);
}
