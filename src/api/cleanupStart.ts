import { findInstance, isLive } from '../instances.ts';
import type { CleanupRecord, CleanupTarget } from '../records/cleanups.ts';
import type { CloseRunInput } from '../run/closeRun.ts';
import type { RemoveLeftoversInput } from '../run/removeLeftovers.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError } from './errors.ts';
import { stopRun } from './stop.ts';

const WHY = 'The run left something behind, or broke off. It was cleaned up on request.';

/** Starts what a clean-up needs, once: a clean-up of the same run that is at work already is joined. */
export async function startCleanups({ runs }: CleanupRecord, call: ApiCall): Promise<void> {
  for (const target of runs) {
    if (target.how === 'stop') await stopUnlessEnded(target.runId, call);
    else await start(target, call);
  }
}

async function start(target: CleanupTarget, { services, client }: ApiCall): Promise<void> {
  const { instanceId } = target;
  const before = await findInstance(client, instanceId);
  if (before && isLive(before)) return;
  const { name, input } = orchestration(target, services.config.cleanup);
  try {
    await client.startNew(name, { instanceId, input });
  } catch (error) {
    // Somebody else was faster: the engine starts an instance only once.
    const now = await findInstance(client, instanceId);
    if (!now || !isLive(now)) throw error;
  }
}

function orchestration(
  { runId, how, startedAt }: CleanupTarget,
  policy: RemoveLeftoversInput['policy'],
): { name: string; input: RemoveLeftoversInput | CloseRunInput } {
  if (how === 'close') return { name: 'close_run', input: { runId, policy, startedAt, why: WHY } };
  if (how === 'verify') return { name: 'remove_leftovers', input: { runId, policy } };
  // One look is enough to say what is there; proving that nothing is takes more than a dry run.
  const onePass = { rounds: 1, cleanPasses: 1, passIntervalSeconds: 1 };
  return { name: 'remove_leftovers', input: { runId, policy: onePass, dryRun: true } };
}

/** A run that has ended in the meantime has cleaned up by itself. */
async function stopUnlessEnded(runId: string, call: ApiCall): Promise<void> {
  try {
    await stopRun(runId, 'a clean-up was forced over the API', call);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'RUN_HAS_ENDED')) throw error;
  }
}
