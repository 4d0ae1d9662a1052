import type { ContainerApps } from '../azure/containerApps.ts';
import type { AgentRecord, AgentState } from '../domain/agent.ts';
import { hasEnded } from '../domain/agent.ts';
import { runPrefix } from '../domain/naming.ts';
import type { AgentCounts } from '../domain/run.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Services } from '../services.ts';
import type { CheckStatusInput } from './contracts.ts';

/** An agent that was not heard of for so many check intervals is looked at more closely. */
const SILENT_INTERVALS = 2;

type Change = Pick<AgentRecord, 'state'> & Partial<AgentRecord>;

/**
 * How the agents of a run are. One question to Azure for all of them (which jobs exist); only an agent that announced
 * its end, has fallen silent or is missing in that answer has its execution looked at, so a tick costs the same whatever the number of agents.
 */
export async function checkAgentStatus(
  { runId, now, checkIntervalSeconds }: CheckStatusInput,
  services: Services,
  log: EventLog = silent,
): Promise<AgentCounts> {
  const { agents: records, runs } = await services.records();
  await runs.begin(runId, 'monitoring', now);
  const [agents, apps] = await Promise.all([records.ofRun(runId), services.containerApps()]);
  const jobs = new Set(await apps.listJobNames(runPrefix(runId)));

  const silentBefore = Date.parse(now) - SILENT_INTERVALS * checkIntervalSeconds * 1_000;
  const states = await Promise.all(
    agents.map(async (agent): Promise<AgentState> => {
      const change = await assess(agent, jobs, apps, silentBefore);
      if (!change) return agent.state;
      await records.save(runId, agent.agentId, hasEnded(change.state) ? { endedAt: now, ...change } : change);
      tellEnd({ ...agent, ...change }, runId, log);
      return change.state;
    }),
  );
  return count(states);
}

async function assess(
  agent: AgentRecord,
  jobs: ReadonlySet<string>,
  apps: ContainerApps,
  silentBefore: number,
): Promise<Change | undefined> {
  if (hasEnded(agent.state)) return undefined;
  // Monitoring begins when all provisioning has ended: who is still at it was given up without a word.
  if (agent.state === 'provisioning') return { state: 'failed', error: 'provisioning did not finish' };

  const lastHeard = Date.parse(agent.lastHeardAt ?? agent.startedAt ?? '') || 0;
  const isListed = jobs.has(agent.agentId);
  if (isListed && !agent.announcedEndAt && lastHeard >= silentBefore) return undefined;
  const execution = await apps.execution(agent.agentId, agent.executionName ?? '');
  if (!execution) return { state: 'lost', error: `its ${isListed ? 'execution' : 'job'} is gone` };
  const endedAt = execution.endedAt ? { endedAt: execution.endedAt } : {};
  switch (execution.status) {
    case 'succeeded':
      return { state: 'completed', ...endedAt };
    case 'failed':
    case 'stopped':
      return {
        state: 'failed',
        ...endedAt,
        error: `its execution ${execution.status}${execution.detail ? `: ${execution.detail}` : ''}`,
      };
    case 'running':
    case 'unknown':
      return undefined;
  }
}

/** Says how an agent has ended, if it has. */
function tellEnd({ agentId, state, error }: AgentRecord, runId: string, log: EventLog): void {
  const agent = { run_id: runId, agent_id: agentId };
  if (state === 'completed') log('agent_completed', agent);
  else if (hasEnded(state)) log('agent_failed', { ...agent, state, error: error ?? 'no reason given' });
}

/** Counts agents by what a person wants to know. */
export function count(states: readonly AgentState[]): AgentCounts {
  const of = (...wanted: AgentState[]) => states.filter((state) => wanted.includes(state)).length;
  return {
    total: states.length,
    provisioning: of('provisioning'),
    running: of('running'),
    completed: of('completed'),
    failed: of('failed', 'lost', 'removed'),
  };
}
