import pLimit from 'p-limit';
import { parseArmId } from '../azure/armId.ts';
import { createBudget } from '../cleanup/budget.ts';
import { inOrder } from '../cleanup/inOrder.ts';
import { inStages } from '../cleanup/order.ts';
import { failuresOf, type Removal, type Removed, removeLeftover, wouldRefuse } from '../cleanup/removal.ts';
import type { CleanupMode, DeletionFailure, Leftover, PlannedDeletion } from '../domain/cleanup.ts';
import type { LedgerChange, LedgerEntry } from '../domain/ledger.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Services } from '../services.ts';
import type { ForceInput, ForceOutput } from './contracts.ts';

/** Enough to use what Azure Resource Manager lets one principal delete (200 at once, then 10 a second); pacing does the rest. */
const CONCURRENCY: Record<CleanupMode, number> = { strict: 24, 'best-effort': 1 };

/** Deletions are started for so long; what was started is finished, so that the call ends well within a minute. */
const WORK_MS = 25_000;

/** The output stays in the orchestration's history. */
const MAX_FAILURES = 50;

/**
 * Starts the deletion of what a round of verification found (or of all that the ledger knows of one agent). Bounded
 * work: nothing here waits for Azure; the next round looks whether it is gone. "Not found" is success.
 */
export async function forceCleanup(
  input: ForceInput,
  services: Services,
  log: EventLog = silent,
): Promise<ForceOutput> {
  const { runId, target, mode = 'strict', dryRun = false } = input;
  const records = await services.records();
  const ledger = await records.ledger.ofRun(runId);
  const leftovers = await leftoversOf(input, ledger, services);
  const removal = await removalFor({ runId, mode }, ledger, services);
  if (dryRun) return plan(leftovers, removal);

  const from = target.kind === 'round' ? (target.from ?? 0) : 0;
  const { removed, next } = await removeFrom(from, leftovers, removal, mode);
  await note(removed, runId, ledger, services);
  if (target.kind === 'agent') {
    await records.agents.save(runId, target.agentId, {
      state: 'removed',
      error: target.error,
      endedAt: new Date().toISOString(),
    });
    const { agentId, error } = target;
    log('agent_failed', { run_id: runId, agent_id: agentId, state: 'removed', error });
  }
  const failures = failuresOf(removed);
  const [first] = failures;
  if (first) log('deletion_refused', { run_id: runId, count: failures.length, first });
  return {
    started: removed.length,
    removed: removed.filter(({ outcome }) => outcome === 'gone').length,
    failures: shortened(failures),
    ...(next === undefined ? {} : { next }),
  };
}

/**
 * Stage after stage, beginning with the `from`-th leftover in that order, until the call has used up what it may. `next`:
 * the first one that was not begun, when there is one.
 */
async function removeFrom(
  from: number,
  leftovers: readonly Leftover[],
  removal: Removal,
  mode: CleanupMode,
): Promise<{ removed: Removed[]; next?: number }> {
  const { maxDeletionsPerCall } = removal.services.config;
  const removed: Removed[] = [];
  let before = 0;
  let begun = 0;
  const mayBegin = () => begun < maxDeletionsPerCall && !removal.budget.isSpent;
  for (const stage of inStages(withoutCovered(leftovers))) {
    const todo = stage.slice(Math.max(0, from - before));
    const { results, next } = await inOrder(
      todo,
      { concurrency: CONCURRENCY[mode], mayBegin },
      (leftover) => {
        begun += 1;
        return removeLeftover(leftover, removal);
      },
    );
    removed.push(...results.flat());
    if (next < todo.length) return { removed, next: before + stage.length - todo.length + next };
    before += stage.length;
  }
  return { removed };
}

/** What would be deleted, in order, and what would be refused. */
async function plan(leftovers: readonly Leftover[], removal: Removal): Promise<ForceOutput> {
  const planned: PlannedDeletion[] = [];
  const failures: DeletionFailure[] = [];
  for (const leftover of inStages(leftovers).flat()) {
    const { kind, id } = leftover;
    const reason = await wouldRefuse(leftover, removal);
    if (reason) failures.push({ kind, id, reason });
    else planned.push({ kind, id });
  }
  return { started: 0, removed: 0, failures: shortened(failures), planned };
}

async function leftoversOf(
  { runId, target }: ForceInput,
  ledger: readonly LedgerEntry[],
  services: Services,
): Promise<readonly Leftover[]> {
  if (target.kind === 'round') {
    const { sweep, round } = target;
    const seen = await (await services.records()).documents.round({ runId, sweep, round });
    // An empty list would pass for "nothing to do", and the clean-up would end without a word.
    if (!seen) throw new Error(`reading round ${round} of the clean-up of ${runId}: its record is not there`);
    return seen.leftovers;
  }
  const entries = ledger.filter((entry) => entry.agentId === target.agentId);
  return (await Promise.all(entries.map((entry) => asLeftover(entry, services)))).flat();
}

/** An application's ledger id is its unique name; deletion needs the object id, which a crash may have kept from the ledger. */
async function asLeftover(entry: LedgerEntry, services: Services): Promise<Leftover[]> {
  const { kind, agentId, id } = entry;
  if (kind === 'resource') return [];
  if (kind !== 'application') return [{ kind, id, source: 'arm-ledger', agentId }];
  const known = entry.directory?.objectId ?? (await (await services.entra()).findApplication(id))?.objectId;
  return known ? [{ kind, id: known, source: 'entra-applications', agentId }] : [];
}

async function removalFor(
  { runId, mode }: { readonly runId: string; readonly mode: CleanupMode },
  ledger: readonly LedgerEntry[],
  services: Services,
): Promise<Removal> {
  const { config } = services;
  const platform = [config.environmentId, config.canaryId].flatMap((id) => {
    const { group } = parseArmId(id);
    return group ? [group.toLowerCase()] : [];
  });
  let kept: ReturnType<Removal['softDeleted']> | undefined;
  return {
    runId,
    ledger,
    services,
    protectedGroups: new Set([...config.protectedGroups, ...platform]),
    budget: createBudget(config.maxDeletionsPerCall, WORK_MS),
    limit: pLimit(CONCURRENCY[mode]),
    softDeleted: () => {
      kept ??= services.softDeletions().then((deletions) => deletions.list());
      return kept;
    },
  };
}

/** What lies in a group that is to go, too, goes with it; a service principal goes with its application. */
export function withoutCovered(leftovers: readonly Leftover[]): Leftover[] {
  const groups = leftovers
    .filter(({ kind }) => kind === 'resource-group')
    .map(({ id }) => `${id.toLowerCase()}/`);
  const hasApplications = leftovers.some(({ kind }) => kind === 'application');
  return leftovers.filter(({ kind, id }) => {
    if (kind === 'service-principal') return !hasApplications;
    return kind !== 'resource' || !groups.some((group) => id.toLowerCase().startsWith(group));
  });
}

/**
 * The books say who removed a thing and when its removal began, or why it stays; that it is gone is for verification to
 * say. A group or job that the books had lost is entered again, so that later rounds know when its removal began.
 */
async function note(
  removed: readonly Removed[],
  runId: string,
  ledger: readonly LedgerEntry[],
  services: Services,
): Promise<void> {
  const byId = new Map<string, LedgerEntry>();
  for (const entry of ledger) {
    byId.set(entry.id.toLowerCase(), entry);
    if (entry.directory?.objectId) byId.set(entry.directory.objectId.toLowerCase(), entry);
  }
  const at = new Date().toISOString();
  const changes = removed.flatMap(({ leftover, outcome, again }): LedgerChange[] => {
    const { kind, id, agentId = '' } = leftover;
    const entry = byId.get(id.toLowerCase());
    const write = (known: Pick<LedgerEntry, 'kind' | 'id'>, change: LedgerChange['change']) => [
      { runId, kind: known.kind, id: known.id, change },
    ];
    if (typeof outcome !== 'string') {
      // An intent stays one: as "quarantined" it would pass for something that we have made.
      const state = entry?.state === 'created' ? ({ state: 'quarantined' } as const) : {};
      return entry ? write(entry, { ...state, reason: outcome.reason }) : [];
    }
    if (entry?.removedAt) return again ? write(entry, { retriedAt: at }) : [];
    const change = { removedAt: at, removedBy: 'cleanup' } as const;
    if (entry) return write(entry, change);
    if (kind !== 'resource-group' && kind !== 'job') return [];
    return write({ kind, id }, { agentId, state: 'created', source: 'discovered', at, ...change });
  });
  await (await services.records()).ledger.noteAll(changes);
}

/** The first failures, and how many more there are. */
function shortened(failures: readonly DeletionFailure[]): DeletionFailure[] {
  const rest = failures.length - MAX_FAILURES;
  const [next] = failures.slice(MAX_FAILURES);
  if (!next) return [...failures];
  return [...failures.slice(0, MAX_FAILURES), { ...next, reason: `${next.reason} (and ${rest - 1} more)` }];
}
