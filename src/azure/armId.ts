import { Rejected } from '../domain/errors.ts';

/** The parts of an ARM id. `type` is `Namespace/type/child`, as Azure writes it; groups are their own case. */
export type ArmId =
  | { readonly kind: 'group'; readonly subscriptionId: string; readonly group: string }
  | {
      readonly kind: 'resource';
      readonly subscriptionId: string;
      readonly group: string | undefined;
      readonly namespace: string;
      readonly typePath: string;
      readonly name: string;
    };

const GROUP = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i;
const RESOURCE =
  /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?(?:\/.*)?\/providers\/([^/]+)\/([^/]+\/.+)$/i;

/** Reads an id of a resource group, a resource, a child resource or an extension resource. Rejected when it is none. */
export function parseArmId(id: string): ArmId {
  const group = GROUP.exec(id);
  if (group?.[1] && group[2]) return { kind: 'group', subscriptionId: group[1], group: group[2] };
  const [, subscriptionId, resourceGroup, namespace, rest] = RESOURCE.exec(id) ?? [];
  const segments = rest?.split('/') ?? [];
  const name = segments.at(-1);
  if (!subscriptionId || !namespace || !name || segments.length % 2 !== 0 || segments.includes('')) {
    throw new Rejected(
      `"${id}" is not an ARM id. Expected /subscriptions/<id>/resourceGroups/<name>[/providers/...].`,
    );
  }
  const typePath = segments.filter((_, index) => index % 2 === 0).join('/');
  return { kind: 'resource', subscriptionId, group: resourceGroup, namespace, typePath, name };
}

/** The clients put a slash before an id themselves; one too many makes ARM read "//subscriptions". */
export function withoutLeadingSlash(id: string): string {
  return id.replace(/^\/+/, '');
}

/**
 * The api-version to use for a resource type: what the provider calls its default, else the newest that is not a
 * preview, else the newest. Undefined when the provider lists none.
 */
export function pickApiVersion(type: {
  defaultApiVersion?: string | undefined;
  apiVersions?: readonly string[] | undefined;
}): string | undefined {
  const newestFirst = [...(type.apiVersions ?? [])].sort().reverse();
  return type.defaultApiVersion ?? newestFirst.find((version) => !/preview/i.test(version)) ?? newestFirst[0];
}
