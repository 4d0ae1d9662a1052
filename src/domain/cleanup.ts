import type { LedgerKind } from './ledger.ts';
import type { CleanupStatus } from './run.ts';

/** Every source that can see leftovers. All must have answered before "clean" may be said. */
export const CLEANUP_SOURCES = [
  'resource-graph',
  'resource-graph-roles',
  'arm-ledger',
  'arm-groups',
  'arm-resources',
  'arm-soft-deleted',
  'role-assignments',
  'entra-applications',
  'entra-deleted-items',
  'key-vault',
  'key-vault-deleted',
  'container-apps-jobs',
] as const;
export type CleanupSource = (typeof CLEANUP_SOURCES)[number];

/**
 * How a clean-up goes about it. `strict`: a run, which waits for its clean-up. `best-effort`: the janitor, one deletion at
 * a time, so that it is gentle on Azure; what it does not get done the next round or the next hour will.
 */
export type CleanupMode = 'strict' | 'best-effort';

/** What one source said when it was asked. `failed` makes the whole verdict unknown. */
export interface Evidence {
  readonly source: CleanupSource;
  readonly askedAt: string;
  readonly outcome: 'answered' | 'failed';
  readonly found: number;
  readonly detail?: string;
}

export type LeftoverKind =
  | LedgerKind
  | 'service-principal'
  | 'deleted-application'
  | 'deleted-service-principal'
  | 'deleted-secret'
  | 'soft-deleted';

/** Something of a run that still exists. `id` is what deletion needs. */
export interface Leftover {
  readonly kind: LeftoverKind;
  readonly id: string;
  readonly source: CleanupSource;
  readonly agentId?: string;
  readonly resourceType?: string;
  /** Deletion has been started and Azure is at it. */
  readonly deleting?: boolean;
  /** The thing that manages this one, such as the cluster of a group that Azure made for it: goes before it. */
  readonly managedBy?: string;
}

/** One round of verification, as stored in the blob runs/<runId>/cleanup/<sweep>/round-<n>.json. */
export interface CleanupRound {
  readonly runId: string;
  /** One clean-up of the run, such as 20261121T140312Z: a later one has rounds of its own. */
  readonly sweep: string;
  readonly round: number;
  readonly askedAt: string;
  readonly verdict: 'clean' | 'leftovers' | 'unknown';
  readonly evidence: readonly Evidence[];
  readonly leftovers: readonly Leftover[];
}

/** What could not be done to a leftover and why, in words. */
export interface DeletionFailure {
  readonly kind: LeftoverKind;
  readonly id: string;
  readonly reason: string;
}

/** What a dry run says: everything that would be deleted, in this order. */
export interface PlannedDeletion {
  readonly kind: LeftoverKind;
  readonly id: string;
}

/** The end of remove_leftovers. Small: the lists are in blobs. */
export interface CleanupResult {
  readonly status: CleanupStatus;
  readonly rounds: number;
  readonly cleanPasses: number;
  readonly removed: number;
  readonly remaining: number;
  /** Sources that did not answer in the last round. */
  readonly blindSources: readonly CleanupSource[];
  readonly quarantined: readonly DeletionFailure[];
  /** Only of a dry run. */
  readonly planned?: readonly PlannedDeletion[];
}
