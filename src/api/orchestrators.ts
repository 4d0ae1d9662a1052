import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { findInstance, isLive } from '../instances.ts';
import { admit } from './admission.ts';
import { readJson } from './body.ts';
import { callerTag } from './callerTag.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError, notFound } from './errors.ts';
import { pathId } from './parameters.ts';

/** The orchestrators that may be started by name. The others are parts of a run. */
export const STARTABLE = ['base_orchestrator', 'orchestrate_haymaker_run'] as const;

/** POST api/orchestrators/{name}: starts one, with the JSON body as its input, and answers with its management URLs. */
export async function startOrchestrator(
  request: HttpRequest,
  { services, client, caller, log }: ApiCall,
): Promise<HttpResponseInit> {
  const name = STARTABLE.find((known) => known === request.params.name);
  if (!name) {
    const error = notFound('ORCHESTRATOR_NOT_FOUND', 'orchestrator', request.params.name ?? '', {
      orchestrators: STARTABLE,
    });
    error.message += ` There are: ${STARTABLE.join(', ')}.`;
    throw error;
  }
  const input = (await readJson(request)) ?? {};
  const instanceId = randomUUID();
  if (name === 'orchestrate_haymaker_run') {
    await admit(instanceId, { records: await services.records(), client, limits: services.config.limits });
  }
  await client.startNew(name, { instanceId, input });
  log('orchestration_requested', { caller: callerTag(caller), name, instance_id: instanceId });
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
  { client }: ApiCall,
): Promise<HttpResponseInit> {
  const status = await instance(client, pathId(request, 'INSTANCE_NOT_FOUND', 'instance'));
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
export async function raiseEvent(
  request: HttpRequest,
  { client, caller, log }: ApiCall,
): Promise<HttpResponseInit> {
  const status = await instance(client, pathId(request, 'INSTANCE_NOT_FOUND', 'instance'));
  const event = pathId(request, 'EVENT_NOT_FOUND', 'event', 'event');
  if (!isLive(status)) {
    throw new ApiError(
      410,
      'INSTANCE_FINISHED',
      `${status.instanceId} has ended (${status.runtimeStatus}) and takes no more events.`,
    );
  }
  await client.raiseEvent(status.instanceId, event, (await readJson(request)) ?? null);
  log('event_raised', { caller: callerTag(caller), name: event, instance_id: status.instanceId });
  return { status: 202, jsonBody: { instanceId: status.instanceId, event } };
}

async function instance(client: DurableClient, id: string) {
  const status = await findInstance(client, id);
  if (!status) throw notFound('INSTANCE_NOT_FOUND', 'instance', id);
  return status;
}
