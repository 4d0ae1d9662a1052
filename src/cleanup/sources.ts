import pLimit from 'p-limit';
import type { CleanupSource, Leftover } from '../domain/cleanup.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { liesInRun, MANAGED_TAG, RUN_TAG, runPrefix } from '../domain/naming.ts';
import { isOurs } from '../domain/ownership.ts';
import type { Services } from '../services.ts';
import { canaryOf, mustSee, sameText } from './canary.ts';

/** What a source is asked with: the run and all that its ledger knows. */
export interface Question {
  readonly runId: string;
  readonly ledger: readonly LedgerEntry[];
  /** Lower-case ids that ARM's own lists have shown in this round: they are there, and need not be asked for. */
  readonly seen?: ReadonlySet<string>;
}

/** Asks one source; returns what it sees of the run, throws when it cannot see, or cannot prove that it can. */
export type Ask = (question: Question, services: Services) => Promise<Leftover[]>;

/** Questions of one source at a time; pacing holds back what Azure would refuse. */
const CONCURRENCY = 24;

/** Exists in every deployment: the agents' key. Listing secrets shows all or is refused, so it shows that we are where we should be. */
const CANARY_SECRET = 'anthropic-api-key';

/** Every source that can see leftovers, and how it is asked. They agree by being asked separately, not by sharing code. */
export const SOURCES: Readonly<Record<CleanupSource, Ask>> = {
  'resource-graph': async ({ runId }, services) => {
    const canary = await canaryOf(services);
    const canaries = [canary.resourceId, canary.groupId];
    const found = await (await services.resourceGraph()).ofRun(runId, canaries);
    for (const id of canaries)
      mustSee(
        found.some((row) => sameText(row.id, id)),
        id,
      );
    return found
      .filter(({ tags }) => isOurs(tags, runId))
      .map(({ id, type }) => ({ kind: kindOf(type), id, source: 'resource-graph', resourceType: type }));
  },

  'resource-graph-roles': async ({ runId, ledger }, services) => {
    // The app's own assignment is the canary: it is made at the subscription itself (README), so that who sees it may
    // read assignments in all of the subscription.
    const own = await (await services.roleAssignments()).ownPrincipalId();
    const { subscriptionId } = await services.target();
    const inGroups = `/subscriptions/${subscriptionId}/resourceGroups/${runPrefix(runId)}`;
    const graph = await services.resourceGraph();
    const found = await graph.roleAssignmentsOf([own, ...principalsOf(ledger)], inGroups);
    mustSee(
      found.some((row) => sameText(row.principalId, own)),
      `a role assignment of our own identity ${own}`,
    );
    return found
      .filter((row) => !sameText(row.principalId, own))
      .map(({ id }) => ({ kind: 'role-assignment', id, source: 'resource-graph-roles' }));
  },

  'arm-ledger': async ({ ledger, seen }, services) => {
    const resources = await services.resources();
    const { resourceId } = await canaryOf(services);
    mustSee((await resources.presence(resourceId)) === 'present', resourceId);
    const limit = pLimit(CONCURRENCY);
    const unseen = outermost(ledger, seen).filter(({ id }) => !seen?.has(id.toLowerCase()));
    const asked = await Promise.all(
      unseen.map((entry) => limit(async () => ({ entry, presence: await resources.presence(entry.id) }))),
    );
    return asked
      .filter(({ presence }) => presence !== 'absent')
      .map(({ entry, presence }) => ({
        kind: entry.kind,
        id: entry.id,
        source: 'arm-ledger',
        agentId: entry.agentId,
        deleting: presence === 'deleting',
      }));
  },

  'arm-groups': async ({ runId }, services) => {
    const { groupName } = await canaryOf(services);
    const groups = await (await services.resources()).listGroups('');
    mustSee(
      groups.some(({ name }) => sameText(name, groupName)),
      `the group ${groupName}`,
    );
    return groups
      .filter(
        ({ id, tags, managedBy = '' }) =>
          liesInRun(id, runId) || isOurs(tags, runId) || liesInRun(managedBy, runId),
      )
      .map(({ id, name, deleting, managedBy }) => ({
        kind: 'resource-group',
        id,
        source: 'arm-groups',
        agentId: name,
        deleting,
        ...(managedBy ? { managedBy } : {}),
      }));
  },

  'arm-resources': async ({ runId }, services) => {
    const { resourceId } = await canaryOf(services);
    const all = await (await services.resources()).listAll();
    mustSee(
      all.some(({ id }) => sameText(id, resourceId)),
      resourceId,
    );
    return all
      .filter(({ id, tags }) => liesInRun(id, runId) || isOurs(tags, runId))
      .map(({ id, type, managedBy }) => ({
        kind: kindOf(type),
        id,
        source: 'arm-resources',
        resourceType: type,
        ...(liesInRun(id, runId) ? { agentId: groupOf(id) } : {}),
        ...(managedBy ? { managedBy } : {}),
      }));
  },

  // These lists are refused (403), not emptied, for who may not read them: they need no canary.
  'arm-soft-deleted': async ({ runId }, services) => {
    const found = await (await services.softDeletions()).list();
    return found
      .filter(({ originalId, tags }) => liesInRun(originalId, runId) || isOurs(tags, runId))
      .map(({ id, type }) => ({ kind: 'soft-deleted', id, source: 'arm-soft-deleted', resourceType: type }));
  },

  'role-assignments': async ({ runId, ledger }, services) => {
    const roles = await services.roleAssignments();
    const [own, found] = await Promise.all([roles.ownPrincipalId(), roles.list()]);
    mustSee(
      found.some(({ principalId }) => sameText(principalId, own)),
      `a role assignment of our own identity ${own}`,
    );
    const principals = new Set(principalsOf(ledger).map((id) => id.toLowerCase()));
    return found
      .filter(({ id, principalId }) => principals.has(principalId.toLowerCase()) || liesInRun(id, runId))
      .map(({ id }) => ({ kind: 'role-assignment', id, source: 'role-assignments' }));
  },

  'entra-applications': async ({ runId, ledger }, services) => {
    const entra = await services.entra();
    await entra.proveSight();
    const intended = ledger.filter((entry) => entry.kind === 'application');
    const [tagged, named, principals] = await Promise.all([
      entra.findApplications({ tag: `${RUN_TAG}:${runId}` }),
      entra.findApplications({ uniqueNamePrefix: runPrefix(runId) }),
      entra.findServicePrincipals(`${RUN_TAG}:${runId}`),
    ]);
    const listed = new Set(named.map(({ uniqueName }) => uniqueName));
    const limit = pLimit(CONCURRENCY);
    const unlisted = intended.filter(({ id }) => !listed.has(id));
    const known = await Promise.all(unlisted.map(({ id }) => limit(() => entra.findApplication(id))));
    const managed = tagged.filter(({ tags }) => tags.includes(`${MANAGED_TAG}:true`));
    const all = [...managed, ...named, ...known.filter((application) => application !== undefined)];
    return [
      ...all.map(({ objectId }) => ({ kind: 'application' as const, id: objectId })),
      ...principals.map((id) => ({ kind: 'service-principal' as const, id })),
    ].map((found) => ({ ...found, source: 'entra-applications' }));
  },

  'entra-deleted-items': async ({ runId, ledger }, services) => {
    const entra = await services.entra();
    await entra.proveSight();
    const appIds = ledger.flatMap((entry) => entry.directory?.appId ?? []);
    const filter = { tag: `${RUN_TAG}:${runId}`, uniqueNamePrefix: runPrefix(runId), appIds };
    const found = await entra.findDeleted(filter);
    return found.map(({ kind, objectId }) => ({
      kind: kind === 'application' ? 'deleted-application' : 'deleted-service-principal',
      id: objectId,
      source: 'entra-deleted-items',
    }));
  },

  'key-vault': async ({ runId }, services) => {
    const names = await (await services.keyVault()).listSecrets('');
    mustSee(names.includes(CANARY_SECRET), `the secret ${CANARY_SECRET}`);
    return names
      .filter((id) => id.startsWith(runPrefix(runId)))
      .map((id) => ({ kind: 'secret', id, source: 'key-vault' }));
  },

  'key-vault-deleted': async ({ runId }, services) => {
    const vault = await services.keyVault();
    // Nothing is deleted for ever, so the canary is a live secret: both lists need secrets/readMetadata.
    const live = await vault.listSecrets(CANARY_SECRET);
    mustSee(live.includes(CANARY_SECRET), `the secret ${CANARY_SECRET}`);
    const names = await vault.listDeletedSecrets(runPrefix(runId));
    return names.map((id) => ({ kind: 'deleted-secret', id, source: 'key-vault-deleted' }));
  },

  'container-apps-jobs': async ({ runId }, services) => {
    const apps = await services.containerApps();
    // Reading the environment throws when it cannot be seen; it lies in the group whose jobs are listed.
    await apps.environmentState();
    const jobs = await apps.listJobs(runPrefix(runId));
    return jobs.map(({ id, name, deleting }) => ({
      kind: 'job',
      id,
      source: 'container-apps-jobs',
      agentId: name,
      deleting,
    }));
  },
};

function principalsOf(ledger: readonly LedgerEntry[]): string[] {
  return ledger.flatMap((entry) => entry.directory?.principalId ?? []);
}

function groupOf(armId: string): string {
  return armId.split('/')[4] ?? '';
}

function kindOf(type: string): Leftover['kind'] {
  switch (type.toLowerCase()) {
    case 'microsoft.resources/subscriptions/resourcegroups':
      return 'resource-group';
    case 'microsoft.app/jobs':
      return 'job';
    default:
      return 'resource';
  }
}

/**
 * Ledger entries that ARM is asked for by id: what lies in a group of the ledger, or in one of those `seen` (lower-case ids),
 * goes and stays with its group.
 */
export function outermost(ledger: readonly LedgerEntry[], seen?: ReadonlySet<string>): LedgerEntry[] {
  const groups = new Set(seen);
  for (const { kind, id } of ledger) if (kind === 'resource-group') groups.add(id.toLowerCase());
  return ledger.filter(({ kind, id }) => {
    if (!id.startsWith('/subscriptions/')) return false;
    const group = groupIdOf(id.toLowerCase());
    return kind === 'resource-group' || group === undefined || !groups.has(group);
  });
}

/** Of what lies in a group, the group's id. */
function groupIdOf(lowerCaseId: string): string | undefined {
  return /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+)\//.exec(lowerCaseId)?.[1];
}
