import type { CleanupMode, CleanupResult, CleanupSource, PlannedDeletion } from '../domain/cleanup.ts';
import type {
  AgentCounts,
  AgentRef,
  CleanupStatus,
  RunOrders,
  RunRequest,
  RunScope,
  RunStatus,
  Step,
} from '../domain/run.ts';

/**
 * What goes into and comes out of each activity. Inputs are always objects (a bare boolean or string changes on its way
 * through the engine), outputs are small (they stay in the history), and neither ever holds a secret.
 */
export interface Activities {
  validate_environment_activity: { input: ValidateInput; output: ValidateOutput };
  select_scenarios_activity: { input: SelectInput; output: SelectOutput };
  create_service_principal_activity: { input: IdentityInput; output: Step<AgentIdentity, IdentitySoFar> };
  deploy_container_app_activity: { input: DeployInput; output: Step<AgentExecution, JobSoFar> };
  check_agent_status_activity: { input: CheckStatusInput; output: AgentCounts };
  verify_cleanup_activity: { input: VerifyInput; output: VerifyOutput };
  force_cleanup_activity: { input: ForceInput; output: ForceOutput };
  generate_report_activity: { input: ReportInput; output: ReportOutput };
}

export interface ValidateInput {
  readonly runId: string;
  readonly startedAt: string;
  /** The orchestration's input as it came: nobody has checked it yet. */
  readonly request: unknown;
}
export interface ValidateOutput {
  readonly passed: boolean;
  /** Why this run must not be: another has had its id before. Then nothing was asked and nothing written. */
  readonly refused?: string;
  /** The request, parsed; present when it was valid. */
  readonly request: RunRequest | null;
  readonly failed: readonly string[];
}

export interface SelectInput {
  readonly runId: string;
  readonly startedAt: string;
  readonly request: RunRequest;
}
export type SelectOutput =
  | { readonly ok: true; readonly plan: RunOrders }
  | { readonly ok: false; readonly problems: readonly string[] };

export interface AgentInput {
  readonly scope: RunScope;
  readonly agent: AgentRef;
}
export interface IdentityInput extends AgentInput {
  readonly soFar?: IdentitySoFar;
}
/** What earlier calls have made and written into the ledger. */
export interface IdentitySoFar {
  readonly group?: boolean;
  readonly application?: { readonly objectId: string; readonly appId: string };
  readonly principal?: { readonly id: string; readonly madeAt: number };
  readonly secret?: boolean;
}
/** An agent's identity. The secret's value is in Key Vault under `secretName`, and nowhere else. */
export interface AgentIdentity {
  readonly appId: string;
  readonly principalId: string;
  readonly secretName: string;
}
export interface DeployInput extends AgentInput {
  readonly identity: AgentIdentity;
  readonly soFar?: JobSoFar;
}
export interface JobSoFar {
  readonly intended: true;
}
export interface AgentExecution {
  readonly jobName: string;
  readonly executionName: string;
}

export interface CheckStatusInput {
  readonly runId: string;
  readonly now: string;
  readonly checkIntervalSeconds: number;
}

export interface VerifyInput {
  readonly runId: string;
  /** The clean-up that asks: a later one of the same run has rounds of its own. */
  readonly sweep: string;
  readonly round: number;
  /** A clean answer now is the last one needed: the books of the run are closed with it. */
  readonly provesIt?: boolean;
  /** Only looks: changes nothing in the books but the record of the round. */
  readonly dryRun?: boolean;
}
export interface VerifyOutput {
  readonly verdict: 'clean' | 'leftovers' | 'unknown';
  readonly found: number;
  /** How many of them Azure is deleting already. */
  readonly deleting: number;
  readonly blindSources: readonly CleanupSource[];
  /** Changes when the set of leftovers changes. */
  readonly fingerprint: string;
}

export interface ForceInput {
  readonly runId: string;
  /** `strict` when left out. */
  readonly mode?: CleanupMode;
  /** Deletes nothing; says what would be deleted, in which order, and what would be refused. */
  readonly dryRun?: boolean;
  /** What to remove: what a round of verification found, or all that the ledger knows of one agent. */
  readonly target:
    | {
        readonly kind: 'round';
        readonly sweep: string;
        readonly round: number;
        /** Where the call before stopped; everything when left out. */
        readonly from?: number;
      }
    | { readonly kind: 'agent'; readonly agentId: string; readonly error: string };
}
export interface ForceOutput {
  readonly started: number;
  readonly removed: number;
  readonly failures: CleanupResult['quarantined'];
  /** More than one call can do: where the next one goes on. */
  readonly next?: number;
  readonly planned?: readonly PlannedDeletion[];
}

export type RunEnd =
  | 'validation_failed'
  | 'nothing_selected'
  | 'agents_ended'
  | 'window_over'
  | 'stopped'
  | 'error'
  /** The run could not end by itself: terminated, lost, or with leftovers. */
  | 'closed_by_janitor';

export interface Problem {
  readonly at: string;
  readonly where: string;
  readonly message: string;
}

export interface ReportInput {
  readonly runId: string;
  readonly startedAt: string;
  readonly now: string;
  readonly end: RunEnd;
  readonly cleanup: CleanupResult | null;
  readonly problems: readonly Problem[];
}
/** Also the output of a run. */
export interface ReportOutput {
  readonly runId: string;
  readonly status: RunStatus;
  readonly cleanupStatus: CleanupStatus | 'not_needed';
  readonly agents: AgentCounts;
  readonly resourcesCreated: number;
  readonly resourcesRemoved: number;
  readonly leftovers: number;
  /** Null when no report could be written; `problems` says why. */
  readonly reportPath: string | null;
  readonly problems?: readonly string[];
}
