import type { AgentRecord } from './agent.ts';
import type { CheckResult } from './check.ts';
import type { CleanupRound, DeletionFailure } from './cleanup.ts';
import type { CleanupStatus, Phase, RunRequest, RunStatus } from './run.ts';
import type { RejectedScenario, SkippedScenario } from './scenario.ts';

export const REPORT_SCHEMA_VERSION = 1;

/**
 * A digest of what the report proves, chained to the run that was proven clean before it. It shows later that the evidence
 * is what it was; report/proof/evidence.ts says which parts of the report are in it.
 */
export interface ReportProof {
  readonly algorithm: 'sha-256';
  /** How the evidence was written down before it was hashed. */
  readonly canonical: 'rfc8785/evidence-1';
  /** Lower-case hex. */
  readonly digest: string;
  /** The end of the chain when this report joined it; null for the first. */
  readonly previous: ChainLink | null;
}

export interface ChainLink {
  readonly runId: string;
  readonly digest: string;
}

/** reports/<runId>/report.json */
export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly runId: string;
  readonly status: RunStatus;
  /** The outcome in one or two sentences. */
  readonly summary: string;
  readonly trigger: RunRequest['trigger'];
  readonly seed: string | null;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly durationSeconds: number;
  /** When the agents were to stop working; absent when the run ended before it was planned. */
  readonly endsAt?: string;
  /** Present when the run was stopped on request. */
  readonly stop?: { readonly at?: string; readonly reason?: string };
  readonly phases: readonly { readonly phase: Phase; readonly startedAt: string; readonly endedAt: string }[];
  readonly checks: readonly CheckResult[];
  readonly skipped: readonly SkippedScenario[];
  readonly rejected: readonly RejectedScenario[];
  readonly agents: readonly ReportAgent[];
  readonly resources: {
    readonly created: number;
    readonly removed: number;
    readonly remaining: number;
    readonly list: readonly ReportResource[];
  };
  readonly cleanup: {
    readonly status: CleanupStatus | 'not_needed';
    readonly rounds: readonly CleanupRound[];
    readonly quarantined: readonly DeletionFailure[];
  };
  readonly errors: readonly {
    readonly at: string;
    readonly where: string;
    readonly message: string;
    readonly advice: string;
  }[];
  /** Absent only in reports from before there were proofs. */
  readonly proof?: ReportProof;
}

export interface ReportAgent extends AgentRecord {
  readonly operations: number;
  readonly resourcesCreated: number;
  readonly events: number;
  /** What the scenario's document estimates for a run; absent when the document is not known any more. */
  readonly estimatedCostUsd?: number;
  /** How it ended, in words. */
  readonly outcome: string;
}

export interface ReportResource {
  readonly id: string;
  readonly kind: string;
  readonly resourceType: string;
  readonly agentId: string;
  /** When it was made; for a leftover that nobody had announced, when clean-up first saw it. */
  readonly createdAt: string;
  /** `unknown`: not seen any more, but not proven gone either. */
  readonly state: 'removed' | 'remaining' | 'unknown';
  /** When it was removed; null while it is there, or when nobody can tell. */
  readonly removedAt: string | null;
  /** Who removed it, as far as we know. Null with a `removedAt`: proven gone, but not seen going. */
  readonly removedBy: 'agent' | 'cleanup' | null;
}
