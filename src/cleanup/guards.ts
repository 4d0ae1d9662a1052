import type { Leftover } from '../domain/cleanup.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { liesInRun, RUN_TAG, runPrefix } from '../domain/naming.ts';
import { isOurs } from '../domain/ownership.ts';

/** A tag with which an operator keeps anything from being deleted, whatever its value unless that is "false". */
const KEEP_TAG = 'DoNotDelete';

/** What is known of a thing at the moment at which it would be deleted. Tags are read from ARM, not from an index. */
export interface GuardFacts {
  readonly runId: string;
  readonly ledger: readonly LedgerEntry[];
  /** Lower-case names. */
  readonly protectedGroups: ReadonlySet<string>;
  /** Undefined when ARM does not show the thing (any more). */
  readonly tags?: Record<string, string> | undefined;
  readonly groupTags?: Record<string, string> | undefined;
}

/**
 * Why a thing must not be deleted, in words; undefined when it may be. Fails closed: what does not prove that it belongs
 * to the run is left alone.
 */
export function refusalOf(leftover: Leftover, facts: GuardFacts): string | undefined {
  const { kind, id } = leftover;
  const group = groupOf(id);
  const inArm = kind === 'resource-group' || kind === 'resource';
  if (inArm && group && facts.protectedGroups.has(group))
    return `refused: the group ${group} is protected (PROTECTED_GROUPS, or it is the platform's own)`;
  if (isKept(facts.tags)) return `refused: it has the tag ${KEEP_TAG}`;
  if (isKept(facts.groupTags)) return `refused: its group ${group} has the tag ${KEEP_TAG}`;
  if (isProven(leftover, facts)) return undefined;
  return `refused: nothing proves that this belongs to run ${facts.runId} (no managed tag with its ${RUN_TAG}, not in the ledger as made)`;
}

/** True when the tags say that nobody may delete the thing. */
export function isKept(tags: Record<string, string> | undefined): boolean {
  return Object.entries(tags ?? {}).some(
    ([name, value]) => name.toLowerCase() === KEEP_TAG.toLowerCase() && value.toLowerCase() !== 'false',
  );
}

function isProven(leftover: Leftover, facts: GuardFacts): boolean {
  const { kind, id, source, managedBy } = leftover;
  const { runId, ledger, tags, groupTags } = facts;
  switch (kind) {
    case 'resource-group':
      return isOurs(tags, runId) || wasMade(id, ledger) || liesInRun(managedBy ?? '', runId);
    case 'resource':
      return (
        isOurs(tags, runId) ||
        wasMade(id, ledger) ||
        isOurs(groupTags, runId) ||
        wasMade(groupIdOf(id), ledger)
      );
    // Jobs and secrets lie where only the app makes things, with the run in their name.
    case 'job':
    case 'secret':
    case 'deleted-secret':
      return id.slice(id.lastIndexOf('/') + 1).startsWith(runPrefix(runId));
    case 'role-assignment':
      return (
        liesInRun(id, runId) ||
        wasIntended(id, ledger) ||
        // Found by a principal that the ledger knows as made for the run.
        source === 'role-assignments' ||
        source === 'resource-graph-roles'
      );
    // Entra lists them by tag, by unique name or by the ledger's ids, all of which only the app can have set.
    case 'application':
    case 'service-principal':
      return source === 'entra-applications';
    case 'deleted-application':
    case 'deleted-service-principal':
      return source === 'entra-deleted-items';
    // Selected by the group that it was deleted from, or by its tags.
    case 'soft-deleted':
      return source === 'arm-soft-deleted';
  }
}

/**
 * The ledger says that the app made the thing, not only that it was meant to: a group of that name that we did not make
 * (creation refused it, "NotOurs") is intended, too. What an agent says is no proof; its group is.
 */
function wasMade(id: string, ledger: readonly LedgerEntry[]): boolean {
  return ledger.some(
    (entry) => sameId(entry, id) && entry.state !== 'intended' && entry.source === 'orchestrator',
  );
}

function wasIntended(id: string, ledger: readonly LedgerEntry[]): boolean {
  return ledger.some((entry) => sameId(entry, id));
}

function sameId(entry: LedgerEntry, id: string): boolean {
  return id !== '' && entry.id.toLowerCase() === id.toLowerCase();
}

/** The lower-case name of the resource group in an ARM id; empty for any other id. */
export function groupOf(id: string): string {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '';
}

/** The ARM id of the resource group in an ARM id; empty for any other id. */
export function groupIdOf(id: string): string {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0] ?? '';
}
