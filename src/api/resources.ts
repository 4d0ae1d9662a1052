import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { MANAGED_TAG, RUN_TAG, SCENARIO_TAG } from '../domain/naming.ts';
import type { ListedResource } from '../records/resourceList.ts';
import { decodeCursor, encodeCursor, listScope } from './cursor.ts';
import type { ApiCall } from './endpoint.ts';
import { parseQuery } from './parameters.ts';
import { scenarioId } from './scenarioNames.ts';
import { type ResourceInfo, ResourcesQuery } from './schemas/resources.ts';

/** GET api/v1/resources: everything that was made, that of the newest run first. */
export async function resources(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { execution_id, scenario, status, type, limit, cursor } = parseQuery(ResourcesQuery, request);
  const scope = listScope('resources', { execution_id, scenario, status, type });
  const after = cursor === undefined ? undefined : decodeCursor(scope, cursor);
  const records = await services.records();
  const where = { scenario: await scenarioId(scenario, services), status, type: type?.toLowerCase() };
  const page = await records.resources.page({ runId: execution_id, where, after }, limit);
  return {
    jsonBody: {
      resources: page.resources.map(resourceInfo),
      next_cursor: page.next === undefined ? null : encodeCursor(scope, page.next),
    },
  };
}

function resourceInfo(resource: ListedResource): ResourceInfo {
  const { id, kind, type, runId, agentId = '', scenario = '', status } = resource;
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: type || kind,
    kind,
    scenario,
    execution_id: runId,
    agent_id: agentId,
    created_at: resource.at ?? resource.removedAt ?? resource.runStartedAt,
    status,
    deleted_at: status === 'deleted' ? (resource.removedAt ?? null) : null,
    reason: resource.reason ?? null,
    tags: { [MANAGED_TAG]: 'true', [RUN_TAG]: runId, ...(scenario ? { [SCENARIO_TAG]: scenario } : {}) },
  };
}
