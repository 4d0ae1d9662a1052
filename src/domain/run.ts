import { z } from 'zod';
import { DurationSeconds } from './durationSchema.ts';
import type { Privilege, RejectedScenario, SkippedScenario } from './scenario.ts';
import { ScenarioId } from './scenario.ts';
import type { SelectionPolicy } from './selection.ts';

export const SIMULATION_SIZES = { small: 5, medium: 15, large: 30 } as const;
export const SimulationSize = z.enum(['small', 'medium', 'large']);
/** No run has more agents; the durable history is measured up to here (bench/README.md). */
export const MAX_AGENTS = 500;
export type SimulationSize = z.infer<typeof SimulationSize>;

export type RunStatus = 'completed' | 'completed_with_failures' | 'failed' | 'stopped';
export type CleanupStatus = 'verified' | 'leftovers' | 'unknown';
export const PHASES = [
  'validating',
  'selecting',
  'provisioning',
  'monitoring',
  'cleaning',
  'reporting',
  'ended',
] as const;
export type Phase = (typeof PHASES)[number];

/** Tags of the caller's own. Agents get all tags as words of a shell variable, so neither part may hold white space. */
export const RunTags = z
  .record(
    z.string().regex(/^[\w.:+@-]{1,64}$/, 'expected a tag name of letters, digits and _ . : + @ -'),
    z.string().regex(/^[\w.:+@/-]{0,256}$/, 'expected a tag value of letters, digits and _ . : + @ / -'),
  )
  .refine((tags) => Object.keys(tags).length <= 20, 'expected at most 20 tags');

/** What a caller may ask of a run. Everything is optional: an empty body is a run with the settings' defaults. */
export const RunRequest = z.strictObject({
  trigger: z.enum(['timer', 'api', 'manual']).default('manual'),
  scenarios: z.array(ScenarioId).min(1).max(30).optional(),
  /** By name, or how many agents. */
  size: z.union([SimulationSize, z.number().int().min(1).max(MAX_AGENTS)]).optional(),
  seed: z.string().min(1).max(64).optional(),
  duration: z
    .string()
    .refine((text) => DurationSeconds.safeParse(text).success, 'expected an ISO 8601 duration such as PT8H')
    .optional(),
  tags: RunTags.optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;

export interface CleanupPolicy {
  /** How often verify-and-delete may repeat before what is left is quarantined. */
  readonly rounds: number;
  /** Consecutive clean answers needed before "verified". */
  readonly cleanPasses: number;
  readonly passIntervalSeconds: number;
}

/** One agent of a run. Its id is the stem of every name: group, job, application, secret. */
export interface AgentPlan {
  readonly agentId: string;
  readonly scenarioId: string;
  readonly title: string;
  readonly area: string;
  /** What it gets beyond Contributor on its group (domain/roles.ts). */
  readonly requires?: readonly Privilege[];
}

/** Everything decided at the start of a run; orchestrators read no settings, they read this. Times are ISO 8601. */
export interface RunPlan {
  readonly runId: string;
  readonly seed: string;
  readonly size: number;
  readonly startedAt: string;
  /** The agents stop working at this time. */
  readonly endsAt: string;
  /** Past this time nothing of the run has a right to exist: endsAt + grace. */
  readonly expiresOn: string;
  readonly checkIntervalSeconds: number;
  readonly graceSeconds: number;
  readonly cleanup: CleanupPolicy;
  readonly tags: Record<string, string>;
  readonly agents: readonly AgentPlan[];
  readonly skipped: readonly SkippedScenario[];
  readonly rejected: readonly RejectedScenario[];
  /** What the choice depended on besides seed, size and catalogue: with it the same choice can be made again. */
  readonly selection: SelectionPolicy & {
    readonly allowPrivileged: boolean;
    readonly lastRun: readonly string[];
  };
  /** What the selection has to say, such as that fewer scenarios could be chosen than were asked for. */
  readonly notes: readonly string[];
}

/** What provisioning needs of an agent. */
export type AgentRef = Pick<AgentPlan, 'agentId' | 'scenarioId' | 'requires'>;

/** The part of the plan that the orchestrators act on: it stays in their history. The whole of it is a blob. */
export type RunOrders = Omit<RunPlan, 'agents' | 'skipped' | 'rejected' | 'selection' | 'notes'> & {
  readonly agents: readonly AgentRef[];
};

/** The part of a run that every activity needs to name and tag what it makes. */
export type RunScope = Pick<
  RunPlan,
  'runId' | 'startedAt' | 'endsAt' | 'expiresOn' | 'graceSeconds' | 'checkIntervalSeconds' | 'tags'
>;

/**
 * A step that may have to be called again: Azure is still at it, and the orchestrator does the waiting. `soFar` is for the
 * next call: what need not be made, nor asked for, nor written down again.
 */
export type Step<T, S = unknown> =
  | { readonly state: 'done'; readonly value: T }
  | {
      readonly state: 'pending';
      readonly waitingFor: string;
      readonly retryAfterSeconds: number;
      readonly soFar?: S;
    }
  | { readonly state: 'failed'; readonly error: string; readonly advice: string };

/** One row of the table Runs: what the API and the report know of a run. */
export interface RunRecord {
  readonly runId: string;
  readonly trigger: RunRequest['trigger'];
  readonly phase: Phase;
  readonly status: 'running' | RunStatus;
  readonly cleanupStatus: 'pending' | CleanupStatus | 'not_needed';
  readonly startedAt: string;
  readonly endsAt?: string;
  readonly expiresOn?: string;
  readonly completedAt?: string;
  readonly seed?: string;
  readonly scenarios: readonly string[];
  readonly error?: string;
  readonly reportPath?: string;
}

/** The live view of a run, in the orchestration's custom status. */
export interface RunProgress {
  readonly phase: Phase;
  readonly agents: AgentCounts;
  readonly endsAt?: string;
  readonly cleanup?: {
    readonly round: number;
    readonly remaining: number;
    readonly cleanPasses: number;
    readonly verdict?: string;
  };
}

export interface AgentCounts {
  readonly total: number;
  readonly provisioning: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
}
