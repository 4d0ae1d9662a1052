import type { SoftDeleted } from '../azure/softDeleted.ts';
import type { DeletionFailure, Leftover } from '../domain/cleanup.ts';
import { ensureError, isTransient, Missing } from '../domain/errors.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Services } from '../services.ts';
import type { Budget } from './budget.ts';
import { removeGroup } from './groupRemoval.ts';
import { groupIdOf, refusalOf } from './guards.ts';
import { isLocked, reasonOf } from './reasons.ts';

/** What every removal of one call shares. */
export interface Removal {
  readonly runId: string;
  readonly ledger: readonly LedgerEntry[];
  readonly protectedGroups: ReadonlySet<string>;
  readonly budget: Budget;
  /** Deletions of what lies in groups, of so many at once. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
  readonly services: Services;
  /** What Azure keeps after deletion, asked for once a call. */
  readonly softDeleted: () => Promise<SoftDeleted[]>;
}

/** `deleting`: Azure is at it, or could not answer; the next round looks. `reason`: why it did not happen. */
export type Outcome = 'gone' | 'deleting' | { readonly reason: string };

export interface Removed {
  readonly leftover: Leftover;
  readonly outcome: Outcome;
  /** An earlier deletion had ended without success. */
  readonly again?: true;
}

/**
 * Starts the removal of one leftover, after looking at the thing itself whether it may be deleted. A group may turn into
 * several removals. Never throws for what Azure or a guard refuses; "not found" is success.
 */
export async function removeLeftover(leftover: Leftover, removal: Removal): Promise<Removed[]> {
  try {
    if (leftover.kind === 'resource-group') return await removeGroup(leftover, removal);
    return [{ leftover, outcome: await removeOne(leftover, removal) }];
  } catch (error) {
    return [{ leftover, outcome: await failure(error, leftover.id, removal) }];
  }
}

/** The outcome that an error stands for; asks who holds the lock when Azure says that there is one. */
export async function failure(thrown: unknown, id: string, { services }: Removal): Promise<Outcome> {
  if (thrown instanceof Missing) return 'gone';
  if (isTransient(thrown)) return 'deleting';
  if (!isLocked(thrown)) return { reason: reasonOf(thrown) };
  try {
    return { reason: reasonOf(thrown, await (await services.resources()).locksAt(id)) };
  } catch (error) {
    return { reason: `${reasonOf(thrown)} (who holds it: ${ensureError(error).message})` };
  }
}

/** The failures among what was tried, as they are reported. */
export function failuresOf(removed: readonly Removed[]): DeletionFailure[] {
  return removed.flatMap(({ leftover: { kind, id }, outcome }) =>
    typeof outcome === 'string' ? [] : [{ kind, id, reason: outcome.reason }],
  );
}

/** Why a leftover would not be deleted, after the same look at the thing itself; undefined when it would be. */
export async function wouldRefuse(leftover: Leftover, removal: Removal): Promise<string | undefined> {
  if (leftover.kind !== 'resource-group' && leftover.kind !== 'resource') return refusalOf(leftover, removal);
  const resources = await removal.services.resources();
  const [thing, group] = await Promise.all([
    resources.read(leftover.id),
    resources.read(groupIdOf(leftover.id)),
  ]);
  return refusalOf(leftover, { ...removal, tags: thing?.tags, groupTags: group?.tags });
}

async function removeOne(leftover: Leftover, removal: Removal): Promise<Outcome> {
  if (leftover.kind === 'resource') return removeResource(leftover, removal);
  const refusal = refusalOf(leftover, removal) ?? removal.budget.take();
  if (refusal) return { reason: refusal };
  return remove(leftover, removal);
}

async function remove({ kind, id }: Leftover, { services, softDeleted }: Removal): Promise<Outcome> {
  switch (kind) {
    case 'job': {
      const apps = await services.containerApps();
      const name = id.slice(id.lastIndexOf('/') + 1);
      // A stop gives the agent its SIGTERM. One that fails must not keep the job: its deletion ends the execution, too.
      await Promise.allSettled([apps.stopAll(name)]);
      return apps.startDelete(name);
    }
    case 'resource-group':
    case 'resource':
      return (await services.resources()).startDelete(id);
    case 'role-assignment':
      await (await services.roleAssignments()).remove(id);
      return 'gone';
    case 'application':
      await (await services.entra()).deleteApplication(id);
      return 'deleting';
    case 'service-principal':
      await (await services.entra()).deleteServicePrincipal(id);
      return 'deleting';
    case 'deleted-application':
    case 'deleted-service-principal':
      await (await services.entra()).purge(id);
      return 'gone';
    case 'secret':
      await (await services.keyVault()).startDelete(id);
      return 'deleting';
    case 'deleted-secret':
      return (await (await services.keyVault()).purge(id)) === 'gone' ? 'gone' : 'deleting';
    case 'soft-deleted': {
      const item = (await softDeleted()).find((each) => each.id.toLowerCase() === id.toLowerCase());
      if (!item) return 'gone';
      await (await services.softDeletions()).purge(item);
      return 'deleting';
    }
  }
}

/** A resource that its group does not take along: re-read, because what found it may be an index that is late. */
async function removeResource(leftover: Leftover, removal: Removal): Promise<Outcome> {
  const resources = await removal.services.resources();
  const [thing, group] = await Promise.all([
    resources.read(leftover.id),
    resources.read(groupIdOf(leftover.id)),
  ]);
  // Gone, and only an index has not noticed. What ARM's own list shows is deleted even so.
  if (!thing && leftover.source === 'resource-graph') return 'gone';
  const refusal = refusalOf(leftover, { ...removal, tags: thing?.tags, groupTags: group?.tags });
  if (refusal) return { reason: refusal };
  if (thing?.deleting) return 'deleting';
  const spent = removal.budget.take();
  return spent ? { reason: spent } : startDelete(leftover.id, leftover.resourceType ?? '', removal);
}

/** Starts the deletion of a resource; a Log Analytics workspace for good, because it could not be purged afterwards. */
export async function startDelete(id: string, type: string, { services }: Removal): Promise<Outcome> {
  if (/^microsoft\.operationalinsights\/workspaces$/i.test(type)) {
    await (await services.softDeletions()).deleteWorkspaceForGood(id);
    return 'deleting';
  }
  return (await services.resources()).startDelete(id);
}
