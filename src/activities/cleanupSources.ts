import type { CleanupSource, Leftover } from '../domain/cleanup.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { RUN_TAG, runPrefix } from '../domain/naming.ts';
import type { Services } from '../services.ts';

/** What a source is asked with: the run and all that its ledger knows. */
export interface Question {
  readonly runId: string;
  readonly ledger: readonly LedgerEntry[];
}

/** Asks one source; returns what it sees of the run, throws when it cannot see. */
export type Ask = (question: Question, services: Services) => Promise<Leftover[]>;

/** Every source that can see leftovers, and how it is asked. They agree by being asked separately, not by sharing code. */
export const SOURCES: Readonly<Record<CleanupSource, Ask>> = {
  'resource-graph': async ({ runId }, services) => {
    const found = await (await services.resourceGraph()).ofRun(runId);
    return found.map(({ id, type }) => ({
      kind: kindOf(type),
      id,
      source: 'resource-graph',
      resourceType: type,
    }));
  },

  'arm-ledger': async ({ ledger }, services) => {
    const resources = await services.resources();
    const asked = await Promise.all(
      outermost(ledger).map(async (entry) => ({ entry, presence: await resources.presence(entry.id) })),
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
    const groups = await (await services.resources()).listGroups(runPrefix(runId));
    return groups.map(({ id, name, deleting }) => ({
      kind: 'resource-group',
      id,
      source: 'arm-groups',
      agentId: name,
      deleting,
    }));
  },

  'role-assignments': async ({ ledger }, services) => {
    const principals = ledger.flatMap((entry) => entry.directory?.principalId ?? []);
    if (principals.length === 0) return [];
    const found = await (await services.roleAssignments()).ofPrincipals(principals);
    return found.map(({ id }) => ({ kind: 'role-assignment', id, source: 'role-assignments' }));
  },

  'entra-applications': async ({ runId, ledger }, services) => {
    const entra = await services.entra();
    const intended = ledger.filter((entry) => entry.kind === 'application');
    const [tagged, named, known] = await Promise.all([
      entra.findApplications({ tag: `${RUN_TAG}:${runId}` }),
      entra.findApplications({ uniqueNamePrefix: runPrefix(runId) }),
      Promise.all(intended.map((entry) => entra.findApplication(entry.id))),
    ]);
    const all = [...tagged, ...named, ...known.filter((application) => application !== undefined)];
    return all.map(({ objectId }) => ({ kind: 'application', id: objectId, source: 'entra-applications' }));
  },

  'entra-deleted-items': async ({ runId, ledger }, services) => {
    const appIds = ledger.flatMap((entry) => entry.directory?.appId ?? []);
    const filter = { tag: `${RUN_TAG}:${runId}`, uniqueNamePrefix: runPrefix(runId), appIds };
    const found = await (await services.entra()).findDeleted(filter);
    return found.map(({ kind, objectId }) => ({
      kind: kind === 'application' ? 'deleted-application' : 'deleted-service-principal',
      id: objectId,
      source: 'entra-deleted-items',
    }));
  },

  'key-vault': async ({ runId }, services) => {
    const names = await (await services.keyVault()).listSecrets(runPrefix(runId));
    return names.map((id) => ({ kind: 'secret', id, source: 'key-vault' }));
  },

  'key-vault-deleted': async ({ runId }, services) => {
    const names = await (await services.keyVault()).listDeletedSecrets(runPrefix(runId));
    return names.map((id) => ({ kind: 'deleted-secret', id, source: 'key-vault-deleted' }));
  },

  'container-apps-jobs': async ({ runId }, services) => {
    const jobs = await (await services.containerApps()).listJobs(runPrefix(runId));
    return jobs.map(({ id, name, deleting }) => ({
      kind: 'job',
      id,
      source: 'container-apps-jobs',
      agentId: name,
      deleting,
    }));
  },
};

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

/** Ledger entries that ARM is asked for by id: what lies in a group of the ledger goes and stays with its group. */
export function outermost(ledger: readonly LedgerEntry[]): LedgerEntry[] {
  const groups = ledger
    .filter((entry) => entry.kind === 'resource-group')
    .map((entry) => `${entry.id.toLowerCase()}/`);
  return ledger.filter((entry) => {
    if (!entry.id.startsWith('/subscriptions/')) return false;
    return (
      entry.kind === 'resource-group' || !groups.some((group) => entry.id.toLowerCase().startsWith(group))
    );
  });
}
