import type { ReportOutput, RunEnd } from '../activities/contracts.ts';
import type { AgentState } from '../domain/agent.ts';
import type { CleanupSource, DeletionFailure } from '../domain/cleanup.ts';
import type { RunRequest } from '../domain/run.ts';

interface OfRun {
  readonly run_id: string;
}
interface OfAgent extends OfRun {
  readonly agent_id: string;
}
/** Who asked: the beginning of a hash of the function key, or the object id in Entra. */
interface ByCaller {
  readonly caller: string;
}
interface OfRequest {
  readonly trace_id: string;
  readonly method: string;
  readonly path: string;
}

/**
 * Every event that the app logs, and what it carries. The alerts, the workbook and docs/operations.md name them: an event
 * may get more fields; renaming one is a change for operators. An activity may run twice, and so may what it says.
 */
export interface LogEvents {
  run_scheduled: OfRun & { readonly new: boolean };
  run_requested: OfRun & ByCaller & { readonly scenarios: readonly string[] };
  stop_requested: OfRun & ByCaller & { readonly reason: string };
  cleanup_requested: ByCaller & {
    readonly cleanup_id: string;
    readonly dry_run: boolean;
    readonly run_ids: readonly string[];
  };
  orchestration_requested: ByCaller & { readonly name: string; readonly instance_id: string };
  event_raised: ByCaller & { readonly name: string; readonly instance_id: string };

  run_started: OfRun & { readonly trigger: RunRequest['trigger']; readonly version: string };
  check_failed: OfRun & { readonly check: string; readonly detail: string };
  scenarios_selected: OfRun & {
    readonly seed: string;
    readonly scenarios: readonly string[];
    readonly ends_at: string;
    readonly expires_on: string;
  };
  nothing_selected: OfRun & { readonly problems: readonly string[] };
  agent_started: OfAgent & { readonly execution: string };
  agent_completed: OfAgent;
  agent_failed: OfAgent & { readonly state: AgentState; readonly error: string };
  cleanup_round: OfRun & {
    readonly round: number;
    readonly verdict: 'clean' | 'leftovers' | 'unknown';
    readonly found: number;
    readonly deleting: number;
    readonly dry_run: boolean;
  };
  cleanup_blind: OfRun & { readonly round: number; readonly sources: readonly CleanupSource[] };
  deletion_refused: OfRun & { readonly count: number; readonly first: DeletionFailure };
  cleanup_quarantined: OfRun & { readonly count: number; readonly things: readonly DeletionFailure[] };
  run_ended: OfRun & {
    readonly status: ReportOutput['status'];
    readonly cleanup_status: ReportOutput['cleanupStatus'];
    readonly end: RunEnd;
    readonly agents: number;
    readonly agents_failed: number;
    readonly resources_created: number;
    readonly resources_removed: number;
    readonly leftovers: number;
    readonly duration_seconds: number;
    readonly report: string | null;
  };

  /** `parked`: kept in the storage under events/unreadable. `returned`: the whole batch will be delivered again. */
  message_refused: {
    readonly delivery_count: number;
    readonly reason: string;
    readonly messages: number;
    readonly fate: 'parked' | 'returned';
  };

  janitor_found: OfRun & {
    readonly things: number;
    readonly verdict: 'noted' | 'waiting' | 'closing' | 'being_closed' | 'alive_again' | 'overdue' | 'leased';
    readonly expires_on: string | null;
  };
  janitor_foreign: { readonly source: string; readonly id: string };
  janitor_blind: { readonly source: string; readonly reason: string };
  janitor_failed: { readonly reason: string };
  runs_forgotten: { readonly run_ids: readonly string[] };
  janitor_round: {
    readonly suspects: number;
    readonly foreign: number;
    readonly silent: number;
    readonly failures: number;
  };

  request_failed: OfRequest & { readonly reason: string };
  request_refused: OfRequest & { readonly status: number; readonly code: string };
  health_failed: { readonly reason: string };
}
export type LogEvent = keyof LogEvents;

/** Where somebody should look, `warn`; where something is not as it has to be, `error`. */
export const LEVELS: Readonly<Record<LogEvent, 'info' | 'warn' | 'error'>> = {
  run_scheduled: 'info',
  run_requested: 'info',
  stop_requested: 'info',
  cleanup_requested: 'info',
  orchestration_requested: 'info',
  event_raised: 'info',
  run_started: 'info',
  check_failed: 'error',
  scenarios_selected: 'info',
  nothing_selected: 'error',
  agent_started: 'info',
  agent_completed: 'info',
  agent_failed: 'warn',
  cleanup_round: 'info',
  cleanup_blind: 'warn',
  deletion_refused: 'warn',
  cleanup_quarantined: 'error',
  run_ended: 'info',
  message_refused: 'warn',
  janitor_found: 'warn',
  janitor_foreign: 'warn',
  janitor_blind: 'error',
  janitor_failed: 'error',
  runs_forgotten: 'info',
  janitor_round: 'info',
  request_failed: 'error',
  request_refused: 'warn',
  health_failed: 'error',
};
