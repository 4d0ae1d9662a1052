import pLimit from 'p-limit';
import type { DeletionFailure, Leftover } from '../domain/cleanup.ts';
import { ensureError, isTransient, Missing } from '../domain/errors.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { runPrefix } from '../domain/naming.ts';
import type { Services } from '../services.ts';
import type { ForceInput, ForceOutput } from './contracts.ts';

/** Azure Resource Manager lets one principal delete 200 at once and then 10 a second. */
const CONCURRENCY = 8;

/** What must be gone before what: an identity's rights before the identity, what holds a name before what frees it. */
const ORDER: readonly (readonly Leftover['kind'][])[] = [
  ['job', 'role-assignment'],
  ['resource-group', 'resource', 'application', 'secret'],
  ['deleted-application', 'deleted-service-principal', 'deleted-secret'],
];

/**
 * Starts the deletion of what a round of verification found (or of all that the ledger knows of one agent). Bounded
 * work: nothing here waits for Azure; the next round looks whether it is gone. "Not found" is success.
 */
export async function forceCleanup({ runId, target }: ForceInput, services: Services): Promise<ForceOutput> {
  const records = await services.records();
  const ledger = await records.ledger.ofRun(runId);
  const leftovers =
    target.kind === 'round'
      ? ((await records.documents.round(runId, target.round))?.leftovers ?? [])
      : ledger.filter((entry) => entry.agentId === target.agentId).flatMap(asLeftover);

  const limit = pLimit(CONCURRENCY);
  const failures: DeletionFailure[] = [];
  let removed = 0;
  let started = 0;
  for (const kinds of ORDER) {
    const batch = leftovers.filter((leftover) => kinds.includes(leftover.kind) && !leftover.deleting);
    await Promise.all(
      batch.map((leftover) =>
        limit(async () => {
          started += 1;
          const outcome = await tryRemove(leftover, runId, ledger, services);
          if (outcome === 'gone') removed += 1;
          if (outcome === 'gone' || outcome === 'deleting')
            await noteRemoval(leftover, runId, ledger, services);
          else failures.push(outcome);
        }),
      ),
    );
  }
  if (target.kind === 'agent') {
    await records.agents.save(runId, target.agentId, {
      state: 'removed',
      error: target.error,
      endedAt: new Date().toISOString(),
    });
  }
  return { started, removed, failures };
}

async function tryRemove(
  leftover: Leftover,
  runId: string,
  ledger: readonly LedgerEntry[],
  services: Services,
): Promise<'gone' | 'deleting' | DeletionFailure> {
  const { kind, id } = leftover;
  if (!isOurs(leftover, runId, ledger))
    return { kind, id, reason: 'refused: nothing proves that this belongs to the run' };
  try {
    return await remove(leftover, services);
  } catch (error) {
    if (error instanceof Missing) return 'gone';
    if (isTransient(error)) return 'deleting';
    return { kind, id, reason: ensureError(error).message };
  }
}

async function remove({ kind, id }: Leftover, services: Services): Promise<'gone' | 'deleting'> {
  switch (kind) {
    case 'job': {
      const apps = await services.containerApps();
      const name = id.slice(id.lastIndexOf('/') + 1);
      await apps.stopAll(name);
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
    case 'deleted-application':
    case 'deleted-service-principal':
      await (await services.entra()).purge(id);
      return 'gone';
    case 'secret':
      await (await services.keyVault()).startDelete(id);
      return 'deleting';
    case 'deleted-secret':
      return (await (await services.keyVault()).purge(id)) === 'gone' ? 'gone' : 'deleting';
  }
}

/** The books say who removed a thing and when its removal began; that it is gone is for verification to say. */
async function noteRemoval(
  leftover: Leftover,
  runId: string,
  ledger: readonly LedgerEntry[],
  services: Services,
): Promise<void> {
  const entry = ledger.find(
    (known) =>
      known.id.toLowerCase() === leftover.id.toLowerCase() || known.directory?.objectId === leftover.id,
  );
  if (!entry || entry.removedAt) return;
  const change = { removedAt: new Date().toISOString(), removedBy: 'cleanup' } as const;
  await (await services.records()).ledger.note(runId, entry.kind, entry.id, change);
}

/**
 * Fails closed. Ours is what the ledger has, what carries the run's tag (that is how Resource Graph and Entra found it),
 * or what is named with the run's prefix by a source that lists by name.
 */
export function isOurs(
  { kind, id, source }: Leftover,
  runId: string,
  ledger: readonly LedgerEntry[],
): boolean {
  if (source === 'resource-graph' || source === 'entra-applications' || source === 'entra-deleted-items')
    return true;
  if (source === 'role-assignments') return true;
  const name = kind === 'secret' || kind === 'deleted-secret' ? id : id.slice(id.lastIndexOf('/') + 1);
  if (name.startsWith(runPrefix(runId))) return true;
  return ledger.some((entry) => entry.id.toLowerCase() === id.toLowerCase());
}

/** An application's ledger id is its unique name; deletion needs the object id, which is known once it was made. */
function asLeftover(entry: LedgerEntry): Leftover[] {
  const { kind, agentId } = entry;
  if (kind === 'resource') return [];
  if (kind !== 'application') return [{ kind, id: entry.id, source: 'arm-ledger', agentId }];
  const objectId = entry.directory?.objectId;
  return objectId ? [{ kind, id: objectId, source: 'entra-applications', agentId }] : [];
}
