import type { OrchestrationContext } from 'durable-functions';
import type { AgentRef, RunOrders, RunProgress, RunScope } from '../domain/run.ts';
import type { Steps } from './call.ts';
import type { ProvisionAgentInput, ProvisionAgentOutput } from './provisionAgent.ts';
import { type LaneOutput, type ProvisionLaneInput, provisionInstanceId } from './provisionLane.ts';

/**
 * So many agents are provisioned at once. An agent takes four writes and about twenty seconds, and Azure Resource Manager
 * lets one principal write ten times a second (after 200 at once): with fifty under way that is used up. It also bounds
 * what one orchestration waits for.
 */
const LANES = 100;

/**
 * Provisions all agents side by side, each in a sub-orchestration of its own, and in a large run in lanes: in each, one agent
 * after the other. Nobody waits for the agents of another lane. Returns how many agents were started.
 */
export function* provisionAll(context: OrchestrationContext, plan: RunOrders): Steps<number> {
  const total = plan.agents.length;
  const progress: RunProgress = {
    phase: 'provisioning',
    endsAt: plan.endsAt,
    agents: { total, provisioning: total, running: 0, completed: 0, failed: 0 },
  };
  context.df.setCustomStatus(progress);
  if (total === 0) return 0;

  const scope: RunScope = {
    runId: plan.runId,
    startedAt: plan.startedAt,
    endsAt: plan.endsAt,
    expiresOn: plan.expiresOn,
    graceSeconds: plan.graceSeconds,
    checkIntervalSeconds: plan.checkIntervalSeconds,
    tags: plan.tags,
  };
  if (total > LANES) return yield* inLanes(context, scope, plan.agents);
  const tasks = plan.agents.map((agent) => {
    const input: ProvisionAgentInput = { scope, agent };
    return context.df.callSubOrchestrator('provision_agent', input, provisionInstanceId(scope, agent));
  });
  const outcomes = (yield context.df.Task.all(tasks)) as ProvisionAgentOutput[];
  return outcomes.filter((outcome) => outcome.ok).length;
}

function* inLanes(
  context: OrchestrationContext,
  scope: RunScope,
  agents: readonly AgentRef[],
): Steps<number> {
  // As long as each other: a few lanes with one agent more would keep everybody waiting for one more agent's time.
  const lanes = Math.ceil(agents.length / Math.ceil(agents.length / LANES));
  const tasks = Array.from({ length: lanes }, (_, lane) => {
    const input: ProvisionLaneInput = { scope, agents: agents.filter((_, index) => index % lanes === lane) };
    return context.df.callSubOrchestrator('provision_lane', input, `${scope.runId}-lane-${lane}`);
  });
  const outcomes = (yield context.df.Task.all(tasks)) as LaneOutput[];
  return outcomes.reduce((sum, { started }) => sum + started, 0);
}
