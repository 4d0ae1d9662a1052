import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { findInstance, isLive } from '../instances.ts';
import { STOP_EVENT } from '../run/monitor.ts';
import { parseBody, readJson } from './body.ts';
import { callerTag } from './callerTag.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError, notFound } from './errors.ts';
import { pathId } from './parameters.ts';
import { type StopAnswer, StopBody } from './schemas/runs.ts';

/** POST api/v1/runs/{id}/stop: monitoring ends, clean-up and report follow. */
export async function stop(request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  const id = pathId(request, 'RUN_NOT_FOUND', 'run');
  const { reason = 'stopped over the API' } = parseBody(StopBody, await readJson(request));
  await stopRun(id, reason, call);
  const answer: StopAnswer = { run_id: id, status: 'stopping', status_url: `/api/v1/runs/${id}` };
  return { status: 202, headers: { Location: answer.status_url }, jsonBody: answer };
}

/** @throws ApiError 404 RUN_NOT_FOUND, 409 RUN_HAS_ENDED */
export async function stopRun(
  runId: string,
  reason: string,
  { services, client, caller, log }: ApiCall,
): Promise<void> {
  const instance = await findInstance(client, runId);
  if (instance?.name === 'orchestrate_haymaker_run' && isLive(instance)) {
    await client.raiseEvent(runId, STOP_EVENT, { reason });
    log('stop_requested', { run_id: runId, caller: callerTag(caller), reason });
    return;
  }
  const known =
    instance?.name === 'orchestrate_haymaker_run' || (await (await services.records()).runs.get(runId));
  if (!known) throw notFound('RUN_NOT_FOUND', 'run', runId);
  throw new ApiError(409, 'RUN_HAS_ENDED', `The run ${runId} has ended; there is nothing to stop.`);
}
