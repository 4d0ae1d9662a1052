import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import { addSeconds } from '../domain/duration.ts';
import { isoDuration } from '../domain/isoDuration.ts';
import type { RunRequest } from '../domain/run.ts';
import { findInstance, startOnce } from '../instances.ts';
import { admit } from './admission.ts';
import { parseBody, readJson } from './body.ts';
import { callerTag } from './callerTag.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError } from './errors.ts';
import { requireScenario } from './scenarioNames.ts';
import { type ExecuteAnswer, ExecuteBody } from './schemas/executions.ts';

const REPEAT_WINDOW_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_KEY_LENGTH = 200;

/** Starts a run of named scenarios. The same request again within a minute is the same execution, not a second one. */
export async function execute(
  request: HttpRequest,
  { services, client, caller, log }: ApiCall,
): Promise<HttpResponseInit> {
  const body = parseBody(ExecuteBody, await readJson(request));
  const { scenarios: catalogue } = await services.catalogue();
  const names = body.scenarios ?? [body.scenario_name ?? ''];
  const scenarios = [...new Set(names.map((name) => requireScenario(name, catalogue).id))];

  const now = new Date();
  const ids = executionIds({ caller, key: idempotencyKey(request), body, now });
  const before = await earlier(client, ids, now);
  if (!before) {
    const { limits } = services.config;
    await admit(ids.executionId, { records: await services.records(), client, limits });
    await startRun(client, ids.executionId, runRequest(body, scenarios));
    log('run_requested', { run_id: ids.executionId, caller: callerTag(caller), scenarios });
  }

  const seconds = body.duration_hours ? body.duration_hours * 3_600 : services.config.runSeconds;
  const id = before?.instanceId ?? ids.executionId;
  // The engine knows whole seconds: the answer to a repeated request should be the same.
  const createdAt = new Date(
    Math.floor((before ? new Date(before.createdTime) : now).getTime() / 1_000) * 1_000,
  );
  const answer: ExecuteAnswer = {
    execution_id: id,
    status: 'queued',
    status_url: `/api/v1/executions/${id}`,
    created_at: createdAt.toISOString(),
    scenarios,
    estimated_completion: addSeconds(createdAt, seconds + services.config.graceSeconds),
  };
  return { status: 202, headers: { Location: answer.status_url }, jsonBody: answer };
}

function runRequest({ duration_hours, tags, seed }: ExecuteBody, scenarios: string[]): RunRequest {
  return {
    trigger: 'api',
    scenarios,
    ...(duration_hours ? { duration: isoDuration(Math.round(duration_hours * 3_600)) } : {}),
    ...(tags ? { tags } : {}),
    ...(seed ? { seed } : {}),
  };
}

/** Two identical requests may come at once: the engine lets only one of them start the instance. */
async function startRun(client: DurableClient, id: string, run: RunRequest): Promise<void> {
  try {
    await startOnce(client, 'orchestrate_haymaker_run', id, run);
  } catch (error) {
    if (!(await findInstance(client, id))) throw error;
  }
}

function idempotencyKey(request: HttpRequest): string | undefined {
  const key = request.headers.get('idempotency-key') ?? undefined;
  if (key !== undefined && key.length > MAX_KEY_LENGTH) {
    throw new ApiError(
      400,
      'INVALID_PARAMETER',
      `The header Idempotency-Key is longer than ${MAX_KEY_LENGTH} characters.`,
      { details: { parameter: 'Idempotency-Key' } },
    );
  }
  return key;
}

/** The id of an execution, and that of the same intent in the time window before. */
export interface ExecutionIds {
  readonly executionId: string;
  readonly previousId: string;
  /** How old the previous one may be to count as the same intent. */
  readonly windowMs: number;
}

/**
 * The id derives from who asks, what and when (to the minute), so that a repeated POST finds the first one without any
 * state of ours. With an Idempotency-Key the key alone decides, for a day.
 */
export function executionIds(intent: {
  readonly caller: string;
  readonly key: string | undefined;
  readonly body: ExecuteBody;
  readonly now: Date;
}): ExecutionIds {
  const { caller, key, body, now } = intent;
  const windowMs = key === undefined ? REPEAT_WINDOW_MS : DAY_MS;
  const what = key === undefined ? JSON.stringify(body) : `key ${key}`;
  const idIn = (window: number) => {
    const hash = createHash('sha256').update(`${caller}\n${what}\n${window}`).digest('hex').slice(0, 8);
    const day = new Date(window * windowMs).toISOString().slice(0, 10).replaceAll('-', '');
    return `exec-${day}-${hash}`;
  };
  const window = Math.floor(now.getTime() / windowMs);
  return { executionId: idIn(window), previousId: idIn(window - 1), windowMs };
}

/** The execution that the same intent has started already. */
async function earlier(
  client: DurableClient,
  { executionId, previousId, windowMs }: ExecutionIds,
  now: Date,
): Promise<DurableOrchestrationStatus | undefined> {
  const current = await findInstance(client, executionId);
  if (current) return current;
  const previous = await findInstance(client, previousId);
  const age = previous ? now.getTime() - new Date(previous.createdTime).getTime() : Number.POSITIVE_INFINITY;
  return age < windowMs ? previous : undefined;
}
