import { azureError, type Reply, type Request, type StoredResource } from './core.ts';
import { GROUP_TYPE } from './resources.ts';

/** A group or resource as Azure Resource Manager shows it. */
export function resourceView(resource: StoredResource, now: number): Record<string, unknown> {
  return {
    id: resource.id,
    name: resource.name,
    type: resource.type,
    location: resource.location,
    tags: resource.tags,
    ...resource.rest,
    properties: {
      ...(resource.type === GROUP_TYPE ? {} : resource.properties),
      provisioningState: provisioningState(resource, now),
    },
  };
}

export function provisioningState(resource: StoredResource, now: number): string {
  if (resource.deletingUntil !== undefined) return 'Deleting';
  return (resource.provisioningUntil ?? 0) > now ? 'Creating' : 'Succeeded';
}

const DEFAULT_PAGE = 1_000;

/**
 * A page of groups or resources: $filter by tag (tagName eq 'k' and tagValue eq 'v') or resourceType or
 * resourceGroup, $top and
 * $skiptoken. Any other filter is refused.
 */
export function resourcePage(request: Request, all: readonly StoredResource[], now: number): Reply {
  const filter = request.query.$filter ?? '';
  const [, tag, value] = /^tagName eq '([^']+)'(?: and tagValue eq '([^']*)')?$/i.exec(filter) ?? [];
  const [, type] = /^resourceType eq '([^']+)'$/i.exec(filter) ?? [];
  const [, group] = /^resourceGroup eq '([^']+)'$/i.exec(filter) ?? [];
  if (filter && !tag && !type && !group) {
    return azureError(400, 'InvalidFilterInQueryString', `The filter '${filter}' is not supported.`);
  }
  const found = all.filter((r) => {
    if (group) return r.id.toLowerCase().includes(`/resourcegroups/${group.toLowerCase()}/`);
    if (type) return r.type.toLowerCase() === type.toLowerCase();
    if (!tag) return true;
    const held = tagValue(r, tag);
    return held !== undefined && (value === undefined || held === value);
  });
  const start = Number(request.query.$skiptoken ?? 0);
  const top = Number(request.query.$top ?? DEFAULT_PAGE);
  const query = new URLSearchParams({ ...request.query, $skiptoken: String(start + top) });
  const more = start + top < found.length;
  return {
    status: 200,
    body: {
      value: found.slice(start, start + top).map((r) => listed(r, now, request.query.$expand ?? '')),
      ...(more ? { nextLink: `https://${request.host}${request.path}?${query}` } : {}),
    },
  };
}

/** Lists of resources do not carry properties; $expand adds times and state. */
function listed(resource: StoredResource, now: number, expand: string): Record<string, unknown> {
  const { properties, ...view } = resourceView(resource, now);
  if (resource.type === GROUP_TYPE) return { ...view, properties };
  return {
    ...view,
    ...(/createdTime/i.test(expand) ? { createdTime: new Date(resource.createdAt).toISOString() } : {}),
    ...(/provisioningState/i.test(expand) ? { provisioningState: provisioningState(resource, now) } : {}),
  };
}

/** Names of tags are compared without regard to case. */
export function tagValue(resource: StoredResource, name: string): string | undefined {
  return Object.entries(resource.tags).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
