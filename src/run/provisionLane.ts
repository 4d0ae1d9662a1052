import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { AgentRef, RunScope } from '../domain/run.ts';
import type { Steps } from './call.ts';
import type { ProvisionAgentInput, ProvisionAgentOutput } from './provisionAgent.ts';

export interface ProvisionLaneInput {
  readonly scope: RunScope;
  readonly agents: readonly AgentRef[];
}
export interface LaneOutput {
  /** How many of the lane's agents were started. */
  readonly started: number;
}

/** Provisions one agent after the other, each in a sub-orchestration of its own: a bound on how many are under way. */
export const provisionLane: OrchestrationHandler = function* (context): Steps<LaneOutput> {
  const { scope, agents } = context.df.getInput() as ProvisionLaneInput;
  let started = 0;
  for (const agent of agents) if (yield* isStarted(context, { scope, agent })) started += 1;
  return { started };
};

/** An agent whose orchestration was ended from outside is a failed agent and no reason to leave out the others. */
function* isStarted(context: OrchestrationContext, input: ProvisionAgentInput): Steps<boolean> {
  try {
    const outcome = (yield context.df.callSubOrchestrator(
      'provision_agent',
      input,
      provisionInstanceId(input.scope, input.agent),
    )) as ProvisionAgentOutput;
    return outcome.ok;
  } catch {
    return false;
  }
}

/** The instance id under which one agent of a run is provisioned. */
export function provisionInstanceId({ runId }: RunScope, { scenarioId }: AgentRef): string {
  return `${runId}-${scenarioId}`;
}
