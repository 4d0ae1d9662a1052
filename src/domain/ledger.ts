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
  readonly state: 'intended' | 'created' | 'deleted' | 'quarantined';
  readonly source: 'orchestrator' | 'agent' | 'discovered';
  readonly resourceType?: string;
  /** For applications: objectId, appId and the principal's id, once known. */
  readonly directory?: { readonly objectId?: string; readonly appId?: string; readonly principalId?: string };
  /** When the entry was first recorded. */
  readonly at: string;
  readonly removedAt?: string;
  readonly removedBy?: 'agent' | 'cleanup';
  readonly reason?: string;
}
