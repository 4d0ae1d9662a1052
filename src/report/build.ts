import type { AgentRecord } from '../domain/agent.ts';
import type { CheckResult } from '../domain/check.ts';
import type { CleanupResult, CleanupRound } from '../domain/cleanup.ts';
import type { AgentEvent } from '../domain/event.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { REPORT_SCHEMA_VERSION, type Report, type ReportAgent } from '../domain/report.ts';
import type { RunPlan, RunRecord } from '../domain/run.ts';
import { errorsOf } from './problems.ts';
import { type CleanProof, cleanProof } from './proof.ts';
import { resourcesOf } from './resources.ts';
import { runStatus, wasProvisioned } from './status.ts';
import { secondsBetween } from './units.ts';
import { agentOutcome, summaryOf } from './words.ts';

/** What an agent said, counted. */
export interface AgentEventSummary {
  readonly events: number;
  readonly operations: number;
  readonly resourcesCreated: number;
  readonly lastMessage?: string;
  /** The agent said that it removed what it had made. */
  readonly cleanupComplete: boolean;
  readonly errors: readonly AgentEvent[];
}

export interface ReportInput {
  readonly run: RunRecord;
  readonly phases: Report['phases'];
  readonly checks: readonly CheckResult[];
  /** Absent when the run ended before it was planned. */
  readonly plan?: RunPlan | undefined;
  readonly agents: readonly AgentRecord[];
  readonly ledger: readonly LedgerEntry[];
  /** By agent id; an agent without an entry said nothing. */
  readonly eventCounts: Readonly<Record<string, AgentEventSummary>>;
  /** US dollars by scenario id; a scenario without an entry has no known estimate. */
  readonly estimatedCostUsd?: Readonly<Record<string, number>>;
  readonly rounds: readonly CleanupRound[];
  /** Absent when the clean-up was not needed or did not finish. */
  readonly result?: CleanupResult | undefined;
  readonly problems: readonly { readonly at: string; readonly where: string; readonly message: string }[];
  /** Set when the run was stopped on request; a run whose record says "stopped" needs no more than that. */
  readonly stop?: Report['stop'];
  /** Set when the run could not end by itself and its books were closed for it. */
  readonly abandoned?: boolean;
  readonly completedAt: string;
}

/**
 * The report of a run that has ended. "Clean" is said from the evidence: a clean-up that calls itself verified without
 * enough clean passes by every source is reported as unknown, and the run as failed.
 */
export function buildReport(input: ReportInput): Report {
  const { run, plan, result } = input;
  const proof =
    result?.status === 'verified' ? cleanProof(input.rounds, plan?.cleanup.cleanPasses) : undefined;
  const cleanup = cleanupStatus(input, proof);
  const stop = input.stop ?? (run.status === 'stopped' ? {} : undefined);
  const resources = resourcesOf({ ...input, proof });
  const status = runStatus({
    validationPassed: input.checks.every(({ passed }) => passed),
    agents: input.agents,
    cleanup,
    stopRequested: stop !== undefined,
    broken: run.error !== undefined,
    abandoned: input.abandoned ?? false,
  });
  const endsAt = plan?.endsAt ?? run.endsAt;

  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    runId: run.runId,
    status,
    summary: summaryOf({
      ...input,
      startedAt: run.startedAt,
      stop,
      workedSeconds: workedSeconds(input),
      resources,
      cleanup,
      proof,
    }),
    trigger: run.trigger,
    seed: plan?.seed ?? run.seed ?? null,
    startedAt: run.startedAt,
    completedAt: input.completedAt,
    durationSeconds: secondsBetween(run.startedAt, input.completedAt),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(stop === undefined ? {} : { stop }),
    phases: input.phases.filter(({ phase }) => phase !== 'ended'),
    checks: input.checks,
    skipped: plan?.skipped ?? [],
    rejected: plan?.rejected ?? [],
    agents: input.agents.map((agent) => reportAgent(agent, input, run.startedAt)),
    resources,
    cleanup: { status: cleanup, rounds: input.rounds, quarantined: result?.quarantined ?? [] },
    errors: errorsOf({
      ...input,
      checkedAt: input.phases.find(({ phase }) => phase === 'validating')?.endedAt ?? run.startedAt,
      agentErrors: Object.values(input.eventCounts).flatMap(({ errors }) => errors),
      problems: [...input.problems, ...runProblems(input, cleanup)],
    }),
  };
}

function cleanupStatus(input: ReportInput, proof: CleanProof | undefined): Report['cleanup']['status'] {
  if (input.result?.status === 'verified') return proof ? 'verified' : 'unknown';
  if (input.result) return input.result.status;
  return input.ledger.length === 0 && input.run.cleanupStatus === 'not_needed' ? 'not_needed' : 'unknown';
}

/** What only the whole of the run can say: how it broke, and a clean-up that claims more than its evidence shows. */
function runProblems(
  { run, result, problems, completedAt }: ReportInput,
  cleanup: Report['cleanup']['status'],
) {
  const own: { at: string; where: string; message: string }[] = [];
  if (run.error !== undefined && !problems.some(({ message }) => message === run.error)) {
    own.push({ at: completedAt, where: 'run', message: run.error });
  }
  if (result?.status === 'verified' && cleanup !== 'verified') {
    const message =
      'Clean-up was called verified, but the stored rounds do not end with enough passes in which every source answered and saw nothing.';
    own.push({ at: completedAt, where: 'clean-up', message });
  }
  return own;
}

function reportAgent(
  agent: AgentRecord,
  { eventCounts, estimatedCostUsd }: ReportInput,
  reference: string,
): ReportAgent {
  const said = eventCounts[agent.agentId];
  const cost = wasProvisioned(agent) ? estimatedCostUsd?.[agent.scenarioId] : undefined;
  const lastMessage = said?.lastMessage ?? agent.lastMessage;
  return {
    ...agent,
    ...(lastMessage === undefined ? {} : { lastMessage }),
    operations: said?.operations ?? agent.operations ?? 0,
    resourcesCreated: said?.resourcesCreated ?? 0,
    events: said?.events ?? 0,
    ...(cost === undefined ? {} : { estimatedCostUsd: cost }),
    outcome: agentOutcome(agent, said?.cleanupComplete ?? false, reference),
  };
}

/** The monitoring phase is the agents' working time; without it, from the first start to the last end. */
function workedSeconds({ phases, agents, completedAt }: ReportInput): number {
  const monitoring = phases.find(({ phase }) => phase === 'monitoring');
  if (monitoring) return secondsBetween(monitoring.startedAt, monitoring.endedAt);
  const starts = agents.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = agents.map(({ endedAt }) => endedAt ?? completedAt).sort();
  return secondsBetween(starts[0] ?? completedAt, ends.at(-1) ?? completedAt);
}
