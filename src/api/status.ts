import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { count } from '../activities/checkAgentStatus.ts';
import type { RunRecord } from '../domain/run.ts';
import { findInstance, isLive } from '../instances.ts';
import { nextScheduledRun } from '../schedule/slot.ts';
import type { ApiCall } from './endpoint.ts';
import type { StatusAnswer } from './schemas/status.ts';

/** GET api/v1/status: the newest run that the durable engine says is alive. */
export async function status(_request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  return { jsonBody: await readStatus(call) };
}

/** What is going on now. */
export async function readStatus({
  services,
  client,
}: Pick<ApiCall, 'services' | 'client'>): Promise<StatusAnswer> {
  const records = await services.records();
  const unfinished = await records.runs.unfinished();
  const { run, dead } = await newestLive(unfinished, client);
  const agents = run ? count((await records.agents.ofRun(run.runId)).map((agent) => agent.state)) : undefined;
  const next = nextScheduledRun(services.config.schedule, new Date())?.toISOString() ?? null;
  return {
    status: run ? 'running' : 'idle',
    health: dead > 0 ? 'degraded' : 'healthy',
    current_run_id: run?.runId ?? null,
    phase: run?.phase ?? null,
    active_agents: agents ? agents.running + agents.provisioning : 0,
    started_at: run?.startedAt ?? null,
    scheduled_end_at: run?.endsAt ?? null,
    next_run: next,
    next_scheduled_run: next,
    scenarios_count: agents?.total ?? 0,
    scenarios_completed: agents?.completed ?? 0,
    scenarios_running: agents ? agents.running + agents.provisioning : 0,
    scenarios_failed: agents?.failed ?? 0,
  };
}

/** A run whose row says "running" but which the engine has ended or lost has died; its things await removal. */
async function newestLive(
  unfinished: readonly RunRecord[],
  client: DurableClient,
): Promise<{ run?: RunRecord; dead: number }> {
  let dead = 0;
  for (const run of unfinished) {
    const instance = await findInstance(client, run.runId);
    if (instance && isLive(instance)) return { run, dead };
    dead += 1;
  }
  return { dead };
}
