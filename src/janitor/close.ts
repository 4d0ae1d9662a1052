import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import { OrchestrationRuntimeStatus } from 'durable-functions';
import { findInstance, isLive } from '../instances.ts';
import { type CloseRunInput, closingInstanceId } from '../run/closeRun.ts';
import { cleanupInstanceId } from '../run/removeLeftovers.ts';
import type { Services } from '../services.ts';
import type { Suspect } from './judge.ts';

/**
 * Has a dead run closed: what it left is removed as a run would do it, and its report is written. Looks once more, right
 * before, whether it lives after all; returns false then. A run that the books have lost gets its row back, so that
 * closing it is taken up again should it break off.
 */
export async function close(
  { runId, firstSeenAt, expiresOn }: Suspect,
  client: DurableClient,
  services: Services,
): Promise<boolean> {
  const instance = await findInstance(client, runId);
  const parts = [instance, ...(await findAll(client, [cleanupInstanceId(runId), closingInstanceId(runId)]))];
  if (parts.some((part) => part !== undefined && isLive(part))) return false;

  const { runs } = await services.records();
  const record = await runs.get(runId);
  const startedAt = record?.startedAt || firstSeenAt || new Date().toISOString();
  if (!record?.startedAt) {
    await runs.save(runId, {
      trigger: 'manual',
      status: 'running',
      cleanupStatus: 'pending',
      startedAt,
      scenarios: [],
      ...(expiresOn === undefined ? {} : { expiresOn }),
    });
  }
  const input: CloseRunInput = {
    runId,
    startedAt,
    policy: services.config.cleanup,
    why: deathOf(instance, record?.status),
  };
  await client.startNew('close_run', { instanceId: closingInstanceId(runId), input });
  return true;
}

async function findAll(
  client: DurableClient,
  ids: readonly string[],
): Promise<(DurableOrchestrationStatus | undefined)[]> {
  return Promise.all(ids.map((id) => findInstance(client, id)));
}

/** Why somebody else has to close the run, for its report. */
function deathOf(instance: DurableOrchestrationStatus | undefined, status: string | undefined): string {
  if (status !== undefined && status !== 'running') {
    return 'Something of this run still existed after it had ended. The janitor removed it.';
  }
  if (!instance)
    return 'The run was lost: the durable engine does not know it any more. The janitor closed it.';
  if (instance.runtimeStatus === OrchestrationRuntimeStatus.Completed)
    return 'The run ended, but could not write its report. The janitor closed it.';
  return `The run broke off: its orchestration is ${instance.runtimeStatus}. The janitor closed it.`;
}
