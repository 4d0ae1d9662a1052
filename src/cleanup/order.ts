import type { Leftover } from '../domain/cleanup.ts';

/**
 * What must be gone before what: an identity's work before its rights, its rights before itself, and what holds a name
 * before what frees it.
 */
const STAGES: readonly (readonly Leftover['kind'][])[] = [
  ['job'],
  ['role-assignment'],
  ['resource-group', 'resource', 'application', 'secret'],
  // Its application takes it along; what is still there had none.
  ['service-principal'],
  ['deleted-application', 'deleted-service-principal', 'deleted-secret', 'soft-deleted'],
];

/**
 * Leftovers in stages, to be worked on one after the other. What Azure is deleting already is left out, but for groups:
 * they may need help.
 */
export function inStages(leftovers: readonly Leftover[]): Leftover[][] {
  return STAGES.map((kinds) =>
    leftovers.filter(
      (leftover) =>
        kinds.includes(leftover.kind) && (!leftover.deleting || leftover.kind === 'resource-group'),
    ),
  ).filter((stage) => stage.length > 0);
}

/** Something in a resource group, as far as the order of deletion depends on it. */
export interface Dependent {
  readonly id: string;
  readonly type: string;
  readonly managedBy?: string;
}

/**
 * Types by what they hang on, first to go first; everything that is not listed belongs to the first rank. A virtual
 * network holds its security groups, route tables and NAT gateways, and is held by what has a network interface in it.
 */
const RANKS: readonly RegExp[] = [
  /^microsoft\.network\/(privateendpoints|loadbalancers|applicationgateways|bastionhosts|azurefirewalls|virtualnetworkgateways|connections)$/i,
  /^microsoft\.network\/networkinterfaces$/i,
  /^microsoft\.network\/virtualnetworks$/i,
  /^microsoft\.(network\/(natgateways|networksecuritygroups|routetables|applicationsecuritygroups|firewallpolicies|privatednszones)|compute\/(disks|availabilitysets|proximityplacementgroups|snapshots|images)|web\/serverfarms|app\/managedenvironments)$/i,
  /^microsoft\.(network\/(publicipaddresses|publicipprefixes|ddosprotectionplans)|managedidentity\/userassignedidentities)$/i,
];

/**
 * Resources in the order in which Azure Resource Manager itself takes a group apart: children, then what manages others,
 * then the rest; the rest by what hangs on what. Things of one tier do not depend on each other.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group#how-order-of-deletion-is-determined
 */
export function inTiers<T extends Dependent>(resources: readonly T[]): T[][] {
  const managers = new Set(resources.flatMap(({ managedBy }) => managedBy?.toLowerCase() ?? []));
  const tiers = new Map<number, T[]>();
  for (const resource of resources) {
    const rank = rankOf(resource, managers);
    tiers.set(rank, [...(tiers.get(rank) ?? []), resource]);
  }
  return [...tiers].sort(([a], [b]) => a - b).map(([, tier]) => tier);
}

function rankOf({ id, type }: Dependent, managers: ReadonlySet<string>): number {
  const depth = type.split('/').length - 1;
  if (depth > 1) return -depth;
  if (managers.has(id.toLowerCase())) return 0;
  return RANKS.findIndex((pattern) => pattern.test(type)) + 2;
}
