import { findInstance, isLive } from '../instances.ts';
import type { CleanupTarget } from '../records/cleanups.ts';
import type { ListedRun } from '../records/runs.ts';
import { closingInstanceId } from '../run/closeRun.ts';
import { cleanupInstanceId } from '../run/removeLeftovers.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError, notFound } from './errors.ts';
import { isRunLive } from './runViews.ts';
import { requireScenario } from './scenarioNames.ts';
import type { CleanupBody } from './schemas/cleanup.ts';

/** Without a run's id, at most so many runs at once, the newest first; the next request takes the next ones. */
const MAX_RUNS = 20;
const UNCLEAN = ['pending', 'leftovers', 'unknown'];

/**
 * The runs that a clean-up is about, and how each is cleaned: a run that its books call clean is only looked at again; one
 * that they do not is closed, which cleans and writes its report anew; a live one stops and cleans up by itself.
 * @throws ApiError 404 for an execution or scenario that does not exist, 409 RUN_IS_LIVE
 */
export async function cleanupTargets(
  body: CleanupBody,
  cleanupId: string,
  call: ApiCall,
): Promise<CleanupTarget[]> {
  const { execution_id, scenario, dry_run, force } = body;
  const records = await call.services.records();
  const chosen = execution_id
    ? [await namedRun(execution_id, force, call)]
    : await uncleanRuns(scenario ?? undefined, call);
  return Promise.all(
    chosen.map(async ({ run, live }, index): Promise<CleanupTarget> => {
      const target = {
        runId: run.runId,
        found: await records.resources.open(run.runId),
        startedAt: run.startedAt,
      };
      if (dry_run) return { ...target, how: 'dry-run', instanceId: `${cleanupId}-${index + 1}` };
      if (live) return { ...target, how: 'stop', instanceId: cleanupInstanceId(run.runId) };
      return UNCLEAN.includes(run.cleanupStatus)
        ? { ...target, how: 'close', instanceId: closingInstanceId(run.runId) }
        : { ...target, how: 'verify', instanceId: cleanupInstanceId(run.runId) };
    }),
  );
}

interface Chosen {
  readonly run: Pick<ListedRun, 'runId' | 'startedAt' | 'cleanupStatus'>;
  readonly live: boolean;
}

async function namedRun(runId: string, force: boolean, { services, client }: ApiCall): Promise<Chosen> {
  const run = await (await services.records()).runs.get(runId);
  const instance = run ? undefined : await findInstance(client, runId);
  const known = run ?? instanceAsRun(instance);
  if (!known) throw notFound('EXECUTION_NOT_FOUND', 'execution', runId);
  const live = await isRunLive(runId, client);
  if (live && !force) {
    throw new ApiError(
      409,
      'RUN_IS_LIVE',
      `The run ${runId} is at work and cleans up behind itself. Send "force": true to stop it first.`,
      { details: { execution_id: runId } },
    );
  }
  return { run: known, live };
}

function instanceAsRun(instance: Awaited<ReturnType<typeof findInstance>>): Chosen['run'] | undefined {
  if (instance?.name !== 'orchestrate_haymaker_run') return undefined;
  const startedAt = new Date(instance.createdTime).toISOString();
  return { runId: instance.instanceId, startedAt, cleanupStatus: isLive(instance) ? 'pending' : 'unknown' };
}

/** Ended runs that nobody has proven clean; those with a scenario, when one is named. */
async function uncleanRuns(scenario: string | undefined, { services, client }: ApiCall): Promise<Chosen[]> {
  const { scenarios: catalogue } = await services.catalogue();
  const id = scenario === undefined ? undefined : requireScenario(scenario, catalogue).id;
  const records = await services.records();
  const runs = await records.runs.outcomes({ anyOf: { cleanupStatus: UNCLEAN } });
  const chosen: Chosen[] = [];
  for (const run of runs) {
    if (chosen.length === MAX_RUNS) break;
    if (id !== undefined && !run.scenarios.includes(id)) continue;
    if (!(await isRunLive(run.runId, client))) chosen.push({ run, live: false });
  }
  return chosen;
}
