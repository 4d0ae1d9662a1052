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
  if (resource.deletingUntil !== undefined || (resource.failingUntil ?? 0) > now) return 'Deleting';
  return (resource.provisioningUntil ?? 0) > now ? 'Creating' : 'Succeeded';
}

const DEFAULT_PAGE = 1_000;

/**
 * A page of groups or resources: $filter by tag (tagName eq 'k' and tagValue eq 'v') or resourceType,
 * resourceGroup and name, $top and
 * $skiptoken. Any other filter is refused.
 */
export function resourcePage(request: Request, all: readonly StoredResource[], now: number): Reply {
  const filter = request.query.$filter ?? '';
  const [, tag, value] = /^tagName eq '([^']+)'(?: and tagValue eq '([^']*)')?$/i.exec(filter) ?? [];
  const equals = tag ? {} : equalities(filter);
  if (!equals) {
    return azureError(400, 'InvalidFilterInQueryString', `The filter '${filter}' is not supported.`);
  }
  const found = all.filter((r) => {
    const { resourcegroup: group, resourcetype: type, name } = equals;
    if (group && !r.id.toLowerCase().includes(`/resourcegroups/${group}/`)) return false;
    if (type && r.type.toLowerCase() !== type) return false;
    if (name && r.name.toLowerCase() !== name) return false;
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

/** `resourceType eq 'a' and name eq 'b'` in lower case; undefined for what is not of this form. */
function equalities(filter: string): Record<string, string> | undefined {
  const terms = filter === '' ? [] : filter.split(/ and /i);
  const pairs = terms.map((term) => /^(resourceGroup|resourceType|name) eq '([^']+)'$/i.exec(term.trim()));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => [String(pair?.[1]).toLowerCase(), String(pair?.[2]).toLowerCase()]),
  );
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
