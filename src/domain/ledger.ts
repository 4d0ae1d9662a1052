/** What can be made for a run, and so must be proven gone. */
export type LedgerKind = 'resource-group' | 'application' | 'role-assignment' | 'secret' | 'job' | 'resource';

/**
 * One row of the table Ledger. Written as `intended` before anything is made, so that a crash between "made" and "noted"
 * loses nothing: `id` is deterministic (an ARM id, an application's unique name, a secret's name).
 */
export interface LedgerEntry {
  readonly runId: string;
  readonly agentId: string;
  readonly kind: LedgerKind;
  /** ARM id for groups, jobs, role assignments and resources; unique name for applications; name for secrets. */
  readonly id: string;
  /** `deleted`: an agent said so, or a verified clean-up has proven it. `quarantined`: see reason; tried again. */
  readonly state: 'intended' | 'created' | 'deleted' | 'quarantined';
  readonly source: 'orchestrator' | 'agent' | 'discovered';
  readonly resourceType?: string;
  /** For applications: objectId, appId and the principal's id, once known. */
  readonly directory?: { readonly objectId?: string; readonly appId?: string; readonly principalId?: string };
  /** When the entry was first recorded. */
  readonly at: string;
  /** When its removal was first begun, or was said to have happened. */
  readonly removedAt?: string;
  /** When the deletion of a group was begun once more, because the first had ended without success. */
  readonly retriedAt?: string;
  readonly removedBy?: 'agent' | 'cleanup';
  readonly reason?: string;
  /** Intended, and a verified clean-up found that it never came to be, or not for long. */
  readonly neverMade?: boolean;
}

/** A change of one entry; fields that are left out keep their value. */
export interface LedgerChange {
  readonly runId: string;
  readonly kind: LedgerKind;
  readonly id: string;
  readonly change: Partial<LedgerEntry>;
}

/** How an entry is closed when a verified clean-up has proven that nothing of its run is left. */
export function closing(entry: LedgerEntry): Pick<LedgerEntry, 'state'> & Partial<LedgerEntry> {
  const neverMade = entry.state === 'intended' && entry.removedAt === undefined;
  return { state: 'deleted', ...(neverMade ? { neverMade } : {}) };
}
