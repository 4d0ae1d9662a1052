import type { AgentRecord } from '../domain/agent.ts';
import type { Report } from '../domain/report.ts';
import type { RunStatus } from '../domain/run.ts';

/** What decides how a run is called in the end. */
export interface RunFacts {
  readonly validationPassed: boolean;
  readonly agents: readonly Pick<AgentRecord, 'state' | 'provisionedAt' | 'startedAt'>[];
  readonly cleanup: Report['cleanup']['status'];
  readonly stopRequested: boolean;
  /** A phase threw, whatever the agents did. */
  readonly broken: boolean;
  /** It could not end by itself; somebody else closed its books. */
  readonly abandoned: boolean;
}

/**
 * The status of a run that has ended. Clean-up decides first: a run that is not proven clean is never a success
 * (design section 4, "Honest outcomes").
 */
export function runStatus(run: RunFacts): RunStatus {
  if (run.cleanup === 'leftovers' || run.cleanup === 'unknown') return 'failed';
  if (!run.validationPassed) return 'failed';
  if (run.abandoned) return 'failed';
  if (run.stopRequested) return 'stopped';
  if (!run.agents.some(wasProvisioned)) return 'failed';
  const allCompleted = run.agents.every(({ state }) => state === 'completed');
  return allCompleted && !run.broken ? 'completed' : 'completed_with_failures';
}

/** True when the agent got as far as having a container, even if it failed later. */
export function wasProvisioned(agent: RunFacts['agents'][number]): boolean {
  switch (agent.state) {
    case 'running':
    case 'completed':
    case 'lost':
      return true;
    case 'failed':
      return agent.provisionedAt !== undefined || agent.startedAt !== undefined;
    case 'provisioning':
    case 'removed':
      return false;
  }
}
