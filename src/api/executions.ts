import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableOrchestrationStatus } from 'durable-functions';
import { z } from 'zod';
import { count } from '../activities/checkAgentStatus.ts';
import type { AgentCounts } from '../domain/run.ts';
import { findInstance, isLive } from '../instances.ts';
import type { ListedRun } from '../records/runs.ts';
import type { ApiCall } from './endpoint.ts';
import { notFound } from './errors.ts';
import { pathId } from './parameters.ts';
import { reportUrl } from './runViews.ts';
import type { ExecutionAnswer } from './schemas/executions.ts';

/** GET api/v1/executions/{id}: one run, in the words of the haymaker CLI 0.1.0 and in ours. */
export async function execution(
  request: HttpRequest,
  { services, client }: ApiCall,
): Promise<HttpResponseInit> {
  const id = pathId(request, 'EXECUTION_NOT_FOUND', 'execution');
  const records = await services.records();
  const [run, found] = await Promise.all([records.runs.get(id), findInstance(client, id)]);
  const instance = found?.name === 'orchestrate_haymaker_run' ? found : undefined;
  if (!run && !instance) throw notFound('EXECUTION_NOT_FOUND', 'execution', id);

  const agents = run ? await records.agents.ofRun(id) : [];
  const { completed, failed, total, ...rest } = count(agents.map(({ state }) => state));
  const scenarios = run?.scenarios.length ? [...run.scenarios] : requested(instance);
  const state = executionState(run, instance);
  const createdAt = instance ? new Date(instance.createdTime).toISOString() : (run?.startedAt ?? '');
  const answer: ExecutionAnswer = {
    execution_id: id,
    scenario_name: scenarios[0] ?? '',
    scenarios,
    ...state,
    phase: run?.phase ?? null,
    created_at: createdAt,
    started_at: run?.startedAt ?? null,
    completed_at: run?.completedAt ?? null,
    scheduled_end_at: run?.endsAt ?? null,
    agent_id: agents[0]?.agentId ?? null,
    progress: { completed, running: working(rest), failed, total },
    resources_created: run ? (run.resourcesCreated ?? (await records.resources.count(id))) : 0,
    cleanup_status: run?.cleanupStatus ?? 'pending',
    report_url: run ? reportUrl(run) : null,
  };
  return { jsonBody: answer };
}

function working({ provisioning, running }: Pick<AgentCounts, 'provisioning' | 'running'>): number {
  return provisioning + running;
}

/**
 * `completed` only for a run whose clean-up was verified: a run that leaves something behind is never shown as a success.
 * `outcome` has the run's own status.
 */
export function executionState(
  run: ListedRun | undefined,
  instance: DurableOrchestrationStatus | undefined,
): Pick<ExecutionAnswer, 'status' | 'outcome' | 'error'> {
  if (run && run.status !== 'running') {
    const clean = run.cleanupStatus === 'verified' && run.status !== 'failed';
    if (clean) return { status: 'completed', outcome: run.status, error: null };
    return { status: 'failed', outcome: run.status, error: run.error ?? failure(run) };
  }
  if (instance && isLive(instance)) {
    return { status: run ? 'running' : 'queued', outcome: null, error: null };
  }
  return {
    status: 'failed',
    outcome: null,
    error: 'The run broke off without an end. What it made is removed by the janitor, or by a clean-up.',
  };
}

function failure({ cleanupStatus }: ListedRun): string {
  switch (cleanupStatus) {
    case 'leftovers':
      return 'The clean-up could not remove everything. The report lists what is left.';
    case 'unknown':
      return 'It is not known whether everything is gone: a source did not answer. The report names it.';
    case 'not_needed':
      return 'The validation failed, and nothing was made. The report says what to do.';
    case 'pending':
    case 'verified':
      return 'The run failed. The report says why.';
  }
}

const Input = z.object({ scenarios: z.array(z.string()).default([]) });

/** The scenarios that were asked for, before the run has selected them. */
function requested(instance: DurableOrchestrationStatus | undefined): string[] {
  const parsed = Input.safeParse(instance?.input);
  return parsed.success ? parsed.data.scenarios : [];
}
