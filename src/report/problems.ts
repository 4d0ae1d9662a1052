import type { AgentRecord, AgentState } from '../domain/agent.ts';
import type { CheckResult } from '../domain/check.ts';
import type { CleanupResult, CleanupRound } from '../domain/cleanup.ts';
import type { AgentEvent } from '../domain/event.ts';
import type { Report } from '../domain/report.ts';
import { adviceFor } from './advice.ts';
import { groupBy } from './group.ts';
import { SOURCE_NAMES } from './names.ts';
import { inOrder } from './proof.ts';
import { count } from './units.ts';

type ReportError = Report['errors'][number];
type Problem = Omit<ReportError, 'advice'>;

/** An agent may fail at every step for eight hours: the report keeps this many different errors of one place. */
const MAX_ERRORS_PER_PLACE = 25;

/** Everything that went wrong, in time order, the same error of the same place once, each with the next action. */
export function errorsOf(input: {
  readonly checks: readonly CheckResult[];
  readonly checkedAt: string;
  readonly agents: readonly AgentRecord[];
  readonly agentErrors: readonly AgentEvent[];
  readonly rounds: readonly CleanupRound[];
  readonly result?: CleanupResult | undefined;
  readonly problems: readonly Problem[];
  readonly completedAt: string;
}): ReportError[] {
  const errors: ReportError[] = [
    ...input.checks.filter(({ passed }) => !passed).map((check) => failedCheck(check, input.checkedAt)),
    ...input.problems.map((problem) => ({
      ...problem,
      advice: adviceFor(problem.message, 'Read the function app’s log around this time.'),
    })),
    ...input.agents.flatMap((agent) => agentFailure(agent, input.completedAt)),
    ...input.agentErrors.map(agentError),
    ...blindSources(input.rounds),
    ...(input.result?.quarantined ?? []).map(({ id, reason }) => ({
      at: input.completedAt,
      where: 'clean-up',
      message: `Could not remove ${id}: ${reason}`,
      advice: adviceFor(
        reason,
        'Delete it by hand, or leave it to the janitor, which tries again every hour.',
      ),
    })),
  ];
  return limitPlaces(merge(errors)).sort((a, b) => a.at.localeCompare(b.at));
}

function failedCheck(check: CheckResult, at: string): ReportError {
  const advice = check.advice ?? adviceFor(check.detail, 'Repair what the check names, then start again.');
  return { at, where: `check ${check.name}`, message: check.detail, advice };
}

/** What is said of a bad end for which nobody gave a reason. */
const UNEXPLAINED: Partial<Record<AgentState, string>> = {
  failed: 'The agent failed and gave no reason.',
  lost: 'Contact was lost: no sign of life for too long, or its execution is gone.',
  running: 'The agent had not ended when the run did.',
  provisioning: 'The agent was not ready when the run ended.',
  removed: 'The agent could not be provisioned and was undone.',
};

function agentFailure(agent: AgentRecord, completedAt: string): ReportError[] {
  const message = agent.error ?? UNEXPLAINED[agent.state];
  if (message === undefined || agent.state === 'completed') return [];
  return [
    {
      at: agent.endedAt ?? agent.lastHeardAt ?? completedAt,
      where: agent.agentId,
      message,
      advice: adviceFor(message, readTheLog(agent.agentId)),
    },
  ];
}

function agentError(event: AgentEvent): ReportError {
  return {
    at: event.timestamp,
    where: event.agent_id,
    message: event.message,
    advice: adviceFor(event.message, readTheLog(event.agent_id)),
  };
}

/** Only the last round: a source that answered later has made good for its silence. */
function blindSources(rounds: readonly CleanupRound[]): ReportError[] {
  const last = inOrder(rounds).at(-1);
  return (last?.evidence ?? [])
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ source, askedAt, detail }) => ({
      at: askedAt,
      where: 'clean-up',
      message: `No answer from ${SOURCE_NAMES[source]} in the last round${detail ? `: ${detail}` : '.'}`,
      advice: `${adviceFor(detail ?? '', 'Nothing may be called clean before it answers.')} The janitor asks again every hour.`,
    }));
}

function readTheLog(agentId: string): string {
  return `Read the agent’s log: GET /api/v1/agents/${agentId}/logs.`;
}

function merge(errors: readonly ReportError[]): ReportError[] {
  const byText = groupBy(errors, ({ where, message }) => `${where}\n${message}`);
  return [...byText.values()].flatMap((same) => {
    const first = same.toSorted((a, b) => a.at.localeCompare(b.at))[0];
    if (!first) return [];
    return same.length === 1 ? [first] : [{ ...first, message: `${first.message} (${same.length} times)` }];
  });
}

function limitPlaces(errors: readonly ReportError[]): ReportError[] {
  return [...groupBy(errors, ({ where }) => where)].flatMap(([where, ofPlace]) => {
    const kept = ofPlace.slice(0, MAX_ERRORS_PER_PLACE);
    const dropped = ofPlace.length - kept.length;
    const last = kept.at(-1);
    if (dropped === 0 || !last) return kept;
    const rest = `${count(dropped, 'more error')} of ${where}, not listed here.`;
    return [...kept, { at: last.at, where, message: rest, advice: readTheLog(where) }];
  });
}
