import type { OrchestrationContext } from 'durable-functions';
import type { RunPlan, RunProgress, RunScope } from '../domain/run.ts';
import type { Steps } from './call.ts';
import type { ProvisionAgentInput, ProvisionAgentOutput } from './provisionAgent.ts';

/** Provisions all agents side by side, each in a sub-orchestration of its own. Returns how many agents were started. */
export function* provisionAll(context: OrchestrationContext, plan: RunPlan): Steps<number> {
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
  const tasks = plan.agents.map((agent) => {
    const input: ProvisionAgentInput = { scope, agent };
    return context.df.callSubOrchestrator('provision_agent', input, `${plan.runId}-${agent.scenarioId}`);
  });
  const outcomes = (yield context.df.Task.all(tasks)) as ProvisionAgentOutput[];
  return outcomes.filter((outcome) => outcome.ok).length;
}
