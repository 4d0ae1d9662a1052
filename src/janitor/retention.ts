import type { DurableClient } from 'durable-functions';
import { addSeconds } from '../domain/duration.ts';
import type { RunRecord } from '../domain/run.ts';
import { isLive } from '../instances.ts';
import type { Services } from '../services.ts';

/** A round is one invocation, which is bounded; the rest is the next round's. */
const RUNS_A_ROUND = 20;
const LONGEST_RUN_DAYS = 8;
const DAY_SECONDS = 86_400;

/**
 * Forgets runs that began longer ago than the retention: their records, logs, reports and their history in the task hub.
 * Only runs that have ended and whose clean-up is verified, or that have made nothing; the others stay until they are, and
 * the proofs stay for ever. Returns the ids of what was forgotten, oldest last.
 */
export async function forgetOldRuns(
  client: DurableClient,
  services: Services,
  now: string,
): Promise<readonly string[]> {
  const seconds = services.config.retentionSeconds;
  const before = addSeconds(now, -seconds);
  const records = await services.records();
  const { runs } = await records.runs.list(
    { to: before, anyOf: { cleanupStatus: ['verified', 'not_needed'] } },
    RUNS_A_ROUND,
  );
  const ended = runs.filter(({ status, completedAt }) => status !== 'running' && completedAt !== undefined);
  for (const run of ended) {
    await forgetHistory(client, run);
    await records.forget.run(run.runId, run.startedAt);
  }
  await records.forget.unreadable(before.slice(0, 10));
  return ended.map(({ runId }) => runId);
}

/** What the engine remembers of the run. An instance that lives is left alone. */
async function forgetHistory(client: DurableClient, run: RunRecord): Promise<void> {
  const instances = await client.getStatusBy({
    createdTimeFrom: new Date(addSeconds(run.startedAt, -DAY_SECONDS)),
    createdTimeTo: new Date(addSeconds(run.startedAt, LONGEST_RUN_DAYS * DAY_SECONDS)),
  });
  for (const instance of instances) {
    const { instanceId } = instance;
    if (isOfRun(instanceId, run) && !isLive(instance)) await client.purgeInstanceHistory(instanceId);
  }
}

/** Pure: the run itself, its clean-up and closing, its agents and lanes. The id of another run may begin like this one's. */
function isOfRun(instanceId: string, { runId, scenarios }: RunRecord): boolean {
  if ([runId, `cleanup-${runId}`, `close-${runId}`].includes(instanceId)) return true;
  if (!instanceId.startsWith(`${runId}-`)) return false;
  const rest = instanceId.slice(runId.length + 1);
  return scenarios.includes(rest) || /^lane-\d+$/.test(rest);
}
