import type { AgentRecord } from '../domain/agent.ts';
import type { CheckResult } from '../domain/check.ts';
import type { CleanupResult } from '../domain/cleanup.ts';
import type { Report } from '../domain/report.ts';
import type { RunStatus } from '../domain/run.ts';
import { SOURCE_NAMES } from './names.ts';
import type { CleanProof } from './proof.ts';
import { wasProvisioned } from './status.ts';
import { count, enumerate, momentWords, roughDuration } from './units.ts';

export interface SummaryFacts {
  readonly startedAt: string;
  readonly stop?: Report['stop'];
  readonly checks: readonly CheckResult[];
  readonly agents: readonly AgentRecord[];
  /** How long the agents were at work. */
  readonly workedSeconds: number;
  readonly resources: Pick<Report['resources'], 'created' | 'remaining'>;
  readonly cleanup: Report['cleanup']['status'];
  readonly proof?: CleanProof | undefined;
  readonly result?: CleanupResult | undefined;
}

/** The verdict in a few words: the headline of the report. Clean-up decides first. */
export function headline(
  report: Pick<Report, 'status'> & { cleanup: Pick<Report['cleanup'], 'status'> },
): string {
  switch (report.cleanup.status) {
    case 'leftovers':
      return 'Something is left behind.';
    case 'unknown':
      return 'Not known to be clean.';
    case 'not_needed':
      return `${RUN_ENDS[report.status]} Nothing was made.`;
    case 'verified':
      return `${RUN_ENDS[report.status]} Nothing is left.`;
  }
}

const RUN_ENDS: Record<RunStatus, string> = {
  completed: 'Completed.',
  completed_with_failures: 'Completed with failures.',
  failed: 'Failed.',
  stopped: 'Stopped on request.',
};

/**
 * The outcome of a run in one or two sentences, such as "5 agents ran for 1 min; 23 resources were made; all are gone,
 * proved at 14:32 UTC by 12 sources in 2 consecutive passes."
 */
export function summaryOf(facts: SummaryFacts): string {
  return [stopWords(facts), capitalised(`${workWords(facts)}; ${cleanupWords(facts)}.`)]
    .filter(Boolean)
    .join(' ');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function stopWords({ stop, startedAt }: SummaryFacts): string {
  if (!stop) return '';
  const when = stop.at ? ` at ${momentWords(stop.at, startedAt)}` : '';
  return `Stopped on request${when}${stop.reason ? ` (${stop.reason})` : ''}.`;
}

function workWords({ checks, agents, workedSeconds }: SummaryFacts): string {
  const failedChecks = checks.filter(({ passed }) => !passed);
  if (failedChecks.length > 0) {
    const names = enumerate(failedChecks.map(({ name }) => name));
    return `nothing was started, because ${failedChecks.length} of ${count(checks.length, 'check')} failed (${names})`;
  }
  const provisioned = agents.filter(wasProvisioned);
  if (agents.length === 0) return 'no agent was started';
  if (provisioned.length === 0) {
    return agents.length === 1
      ? 'the agent could not be provisioned'
      : `none of ${agents.length} agents could be provisioned`;
  }
  return `${count(provisioned.length, 'agent')} ran for ${roughDuration(workedSeconds)}${failureWords(agents)}`;
}

function failureWords(agents: readonly AgentRecord[]): string {
  const provisioned = agents.filter(wasProvisioned);
  const number = (of: readonly AgentRecord[], state: AgentRecord['state']) =>
    of.filter((agent) => agent.state === state).length;
  const parts = [
    [number(provisioned, 'failed'), 'failed'],
    [number(provisioned, 'lost'), 'lost contact'],
    [number(provisioned, 'running'), 'did not end by itself'],
    [agents.length - provisioned.length, 'could not be provisioned'],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return words.length > 0 ? ` (${enumerate(words)})` : '';
}

function cleanupWords({ resources, cleanup, proof, result, startedAt }: SummaryFacts): string {
  const made = `${count(resources.created, 'resource')} ${resources.created === 1 ? 'was' : 'were'} made`;
  const proved = proof
    ? `proved at ${momentWords(proof.provedAt, startedAt)} by ${count(proof.sources, 'source')} in ${count(proof.passes, 'consecutive pass', 'consecutive passes')}`
    : '';
  switch (cleanup) {
    case 'not_needed':
      return 'there is nothing to remove';
    case 'verified':
      if (resources.created === 0) return `nothing was made, and nothing is left, ${proved}`;
      return `${made}; ${resources.created === 1 ? 'it is' : 'all are'} gone, ${proved}`;
    case 'leftovers':
      return `${made}; ${stillThere(resources.remaining)} after ${count(result?.rounds ?? 0, 'round')} of clean-up`;
    case 'unknown':
      if (resources.created === 0) return `it is not known whether anything is left${whyUnknown(0, result)}`;
      return `${made}; it is not known whether all are gone${whyUnknown(resources.remaining, result)}`;
  }
}

function stillThere(remaining: number): string {
  return remaining === 1 ? '1 is still there' : `${remaining} are still there`;
}

function whyUnknown(remaining: number, result: CleanupResult | undefined): string {
  const blind = (result?.blindSources ?? []).map((source) => SOURCE_NAMES[source]);
  const reasons = [
    blind.length > 0 ? `no answer from ${enumerate(blind)} in the last round` : '',
    remaining > 0 ? stillThere(remaining) : '',
    result === undefined ? 'the clean-up did not finish' : '',
  ].filter(Boolean);
  return reasons.length > 0 ? `: ${reasons.join('; ')}` : ', because the evidence does not prove it';
}

/** How an agent ended, in words. `cleanedUp`: it said itself that it removed what it had made. */
export function agentOutcome(agent: AgentRecord, cleanedUp: boolean, reference: string): string {
  const why = agent.error ? `: ${agent.error}` : '';
  const lastHeard = agent.lastHeardAt ? `, last heard at ${momentWords(agent.lastHeardAt, reference)}` : '';
  switch (agent.state) {
    case 'completed':
      return cleanedUp
        ? 'Finished its work and cleaned up after itself.'
        : 'Finished its work; HayMaker cleaned up after it.';
    case 'failed':
      return sentence(wasProvisioned(agent) ? `Failed${why}` : `Could not be provisioned${why}`);
    case 'lost':
      return sentence(`Contact was lost${lastHeard}${why}`);
    case 'removed':
      return sentence(`Could not be provisioned and was undone${why}`);
    case 'running':
      return sentence(`Still at work when the run ended${lastHeard}; it was removed by clean-up`);
    case 'provisioning':
      return 'Was not ready when the run ended.';
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
