import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { findInstance, isLive } from '../instances.ts';
import { readJson } from './body.ts';
import { ApiError } from './errors.ts';

/** The orchestrators that may be started by name. The others are parts of a run. */
export const STARTABLE = ['base_orchestrator', 'orchestrate_haymaker_run'] as const;

/** POST api/orchestrators/{name}: starts one, with the JSON body as its input, and answers with its management URLs. */
export async function startOrchestrator(
  request: HttpRequest,
  client: DurableClient,
): Promise<HttpResponseInit> {
  const { name = '' } = request.params;
  if (!STARTABLE.some((known) => known === name)) {
    throw new ApiError(
      404,
      'ORCHESTRATOR_NOT_FOUND',
      `There is no orchestrator ${name.slice(0, 80)}. There are: ${STARTABLE.join(', ')}.`,
      {
        orchestrators: STARTABLE,
      },
    );
  }
  const input = (await readJson(request)) ?? {};
  const instanceId = await client.startNew(name, { input });
  const payload = client.createHttpManagementPayload(instanceId);
  return {
    status: 202,
    headers: { Location: payload.statusQueryGetUri, 'Retry-After': '10' },
    jsonBody: payload,
  };
}

/** GET api/orchestrators/{id}/status */
export async function orchestratorStatus(
  request: HttpRequest,
  client: DurableClient,
): Promise<HttpResponseInit> {
  const status = await instance(client, request.params.id);
  const { name, instanceId, runtimeStatus, input, output, customStatus, createdTime, lastUpdatedTime } =
    status;
  return {
    jsonBody: {
      name,
      instanceId,
      runtimeStatus,
      input: input ?? null,
      output: output ?? null,
      customStatus: customStatus ?? null,
      createdTime,
      lastUpdatedTime,
    },
  };
}

/** POST api/orchestrators/{id}/raise/{event}: hands the JSON body (or null) to an instance that waits for the event. */
export async function raiseEvent(request: HttpRequest, client: DurableClient): Promise<HttpResponseInit> {
  const status = await instance(client, request.params.id);
  const event = request.params.event ?? '';
  if (!isLive(status)) {
    throw new ApiError(
      410,
      'INSTANCE_FINISHED',
      `${status.instanceId} has ended (${status.runtimeStatus}) and takes no more events.`,
    );
  }
  await client.raiseEvent(status.instanceId, event, (await readJson(request)) ?? null);
  return { status: 202, jsonBody: { instanceId: status.instanceId, event } };
}

async function instance(client: DurableClient, id = '') {
  const status = await findInstance(client, id);
  if (!status) throw new ApiError(404, 'INSTANCE_NOT_FOUND', `There is no instance ${id.slice(0, 100)}.`);
  return status;
}
