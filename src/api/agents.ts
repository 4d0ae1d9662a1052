import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type AgentRecord, foldState } from '../domain/agent.ts';
import { decodeCursor, encodeCursor, listScope } from './cursor.ts';
import type { ApiCall } from './endpoint.ts';
import { notFound } from './errors.ts';
import { parseQuery, pathId } from './parameters.ts';
import { type AgentInfo, AgentsQuery } from './schemas/agents.ts';

/** GET api/v1/agents: those of the newest run first. */
export async function agents(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { status, run_id, limit, cursor } = parseQuery(AgentsQuery, request);
  const scope = listScope('agents', { status, run_id });
  const after = cursor === undefined ? undefined : decodeCursor(scope, cursor);
  const records = await services.records();
  const page = await records.agents.list({ runId: run_id, after }, limit, status);
  return {
    jsonBody: {
      agents: page.agents.map((agent) => agentInfo(agent, agent.runStartedAt)),
      next_cursor: page.next === undefined ? null : encodeCursor(scope, page.next),
    },
  };
}

/** GET api/v1/agents/{id}: one agent. */
export async function agent(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const id = pathId(request, 'AGENT_NOT_FOUND', 'agent');
  const records = await services.records();
  const runId = await records.agents.runOf(id);
  const [run, agents] = runId
    ? await Promise.all([records.runs.get(runId), records.agents.ofRun(runId)])
    : [undefined, []];
  const found = agents.find(({ agentId }) => agentId === id);
  if (!found) throw notFound('AGENT_NOT_FOUND', 'agent', id);
  return { jsonBody: agentInfo(found, run?.startedAt ?? '') };
}

/** An agent in the words of the API. One that has not started yet counts from the start of its run. */
export function agentInfo(agent: AgentRecord, runStartedAt: string): AgentInfo {
  return {
    agent_id: agent.agentId,
    run_id: agent.runId,
    scenario: agent.scenarioId,
    status: foldState(agent.state),
    state: agent.state,
    started_at: agent.startedAt ?? agent.provisionedAt ?? runStartedAt,
    completed_at: agent.endedAt ?? null,
    progress: agent.lastMessage ?? null,
    error: agent.error ?? null,
    title: agent.title ?? '',
    area: agent.area ?? '',
    last_event_at: agent.lastHeardAt ?? null,
    operations: agent.operations ?? 0,
  };
}
