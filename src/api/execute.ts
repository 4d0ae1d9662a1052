import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { z } from 'zod';
import { addSeconds, isoDuration } from '../domain/duration.ts';
import type { RunRequest } from '../domain/run.ts';
import type { Scenario } from '../domain/scenario.ts';
import { findInstance, startOnce } from '../instances.ts';
import { nearest } from '../scenarios/nearest.ts';
import { getServices } from '../services.ts';
import { parseBody, readJson } from './body.ts';
import { ApiError } from './errors.ts';

const MAX_SCENARIOS = 5;
const REPEAT_WINDOW_MS = 60_000;
const ScenarioName = z.string().min(1).max(100);

/** POST api/v1/execute: the old CLI's body (`scenario_name`) or ours (`scenarios`, ...). */
export const ExecuteBody = z
  .object({
    scenario_name: ScenarioName.optional(),
    scenarios: z.array(ScenarioName).min(1).max(MAX_SCENARIOS).optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    duration_hours: z.number().min(1).max(24).optional(),
    tags: z.record(z.string().min(1).max(64), z.string().max(256)).optional(),
    seed: z.string().min(1).max(64).optional(),
  })
  .refine((body) => body.scenario_name !== undefined || body.scenarios !== undefined, {
    path: ['scenarios'],
    message: 'name one to five scenarios (or one in scenario_name)',
  });
type ExecuteBody = z.infer<typeof ExecuteBody>;

/** Starts a run of named scenarios. The same request again within a minute is the same execution, not a second one. */
export async function execute(request: HttpRequest, client: DurableClient): Promise<HttpResponseInit> {
  const services = getServices();
  const body = parseBody(ExecuteBody, await readJson(request));
  const { scenarios: catalogue } = await services.catalogue();
  const names = body.scenarios ?? [body.scenario_name ?? ''];
  const scenarios = [...new Set(names.map((name) => resolve(name, catalogue)))];

  const now = new Date();
  const { executionId, previousId } = executionIds(request, body, now);
  const repeated = previousId ? await findInstance(client, previousId) : undefined;
  const startedBefore =
    repeated && now.getTime() - new Date(repeated.createdTime).getTime() < REPEAT_WINDOW_MS;
  const id = startedBefore && previousId ? previousId : executionId;
  const duration = body.duration_hours
    ? { duration: isoDuration(Math.round(body.duration_hours * 3_600)) }
    : {};
  const run: RunRequest = { trigger: 'api', scenarios, ...duration, ...pick(body) };
  if (id === executionId) await startOnce(client, 'orchestrate_haymaker_run', id, run);

  const seconds = body.duration_hours ? body.duration_hours * 3_600 : services.config.runSeconds;
  return {
    status: 202,
    jsonBody: {
      execution_id: id,
      status: 'queued',
      status_url: `/api/v1/executions/${id}`,
      created_at: now.toISOString(),
      scenarios,
      estimated_completion: addSeconds(now, seconds + services.config.graceSeconds),
    },
  };
}

function pick({ tags, seed }: ExecuteBody): Partial<RunRequest> {
  return { ...(tags ? { tags } : {}), ...(seed ? { seed } : {}) };
}

/** A scenario by its id (compute-01) or its full name, which is the id with its title behind it. */
function resolve(name: string, catalogue: readonly Scenario[]): string {
  const found = catalogue.find(({ id, file }) => id === name || file.replace(/^.*\/|\.md$/g, '') === name);
  if (found) return found.id;
  const close = nearest(
    name,
    catalogue.map(({ id }) => id),
    3,
  );
  throw new ApiError(
    404,
    'SCENARIO_NOT_FOUND',
    `There is no scenario ${name}. Did you mean ${close.join(' or ')}?`,
    { nearest: close },
  );
}

/**
 * The id derives from who asks, what and when (to the minute), so that a repeated POST finds the first one without any
 * state of ours. With an Idempotency-Key the key alone decides, for the day.
 */
function executionIds(
  request: HttpRequest,
  body: ExecuteBody,
  now: Date,
): { executionId: string; previousId?: string } {
  const caller =
    request.headers.get('x-ms-client-principal-id') ?? request.headers.get('x-functions-key') ?? 'anonymous';
  const idFor = (what: string, at: Date) => {
    const hash = createHash('sha256').update(`${caller}\n${what}`).digest('hex').slice(0, 8);
    return `exec-${at.toISOString().slice(0, 10).replaceAll('-', '')}-${hash}`;
  };
  const key = request.headers.get('idempotency-key');
  if (key) return { executionId: idFor(`key ${key}`, now) };
  const at = (minutesAgo: number) => {
    const then = new Date(now.getTime() - minutesAgo * REPEAT_WINDOW_MS);
    return idFor(`${JSON.stringify(body)}\n${Math.floor(then.getTime() / REPEAT_WINDOW_MS)}`, then);
  };
  return { executionId: at(0), previousId: at(1) };
}
