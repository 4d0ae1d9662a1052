import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { AgentInput } from '../activities/contracts.ts';
import { call, failureText, type Steps, untilDone } from './call.ts';

export type ProvisionAgentInput = AgentInput;
export type ProvisionAgentOutput = { readonly ok: true } | { readonly ok: false; readonly error: string };

/**
 * One agent: group, identity, role and secret, then the job that runs it. When a step fails, what was made is removed
 * again. Never throws: one agent's failure must not stop the others.
 */
export const provisionAgent: OrchestrationHandler = function* (context): Steps<ProvisionAgentOutput> {
  const input = context.df.getInput() as ProvisionAgentInput;
  try {
    return yield* provision(context, input);
  } catch (error) {
    return yield* undo(context, input, failureText(error));
  }
};

function* provision(context: OrchestrationContext, input: ProvisionAgentInput): Steps<ProvisionAgentOutput> {
  const { endsAt } = input.scope;
  const identity = yield* untilDone(context, 'create_service_principal_activity', input, endsAt);
  if (identity.state === 'failed') return yield* undo(context, input, identity.error);

  const deployment = { ...input, identity: identity.value };
  const execution = yield* untilDone(context, 'deploy_container_app_activity', deployment, endsAt);
  if (execution.state === 'failed') return yield* undo(context, input, execution.error);
  return { ok: true };
}

/** Starts the removal of what was made. The run's clean-up proves later that it is gone, so failing here loses nothing. */
function* undo(
  context: OrchestrationContext,
  { scope, agent }: ProvisionAgentInput,
  error: string,
): Steps<ProvisionAgentOutput> {
  try {
    yield* call(context, 'force_cleanup_activity', {
      runId: scope.runId,
      target: { kind: 'agent', agentId: agent.agentId, error },
    });
    return { ok: false, error };
  } catch (undoError) {
    return { ok: false, error: `${error} (and undoing it failed: ${failureText(undoError)})` };
  }
}
