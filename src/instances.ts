import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import { OrchestrationRuntimeStatus as Status } from 'durable-functions';

/** The instance, or undefined when the engine does not know the id. */
export async function findInstance(
  client: DurableClient,
  instanceId: string,
): Promise<DurableOrchestrationStatus | undefined> {
  try {
    return await client.getStatus(instanceId);
  } catch (error) {
    // The SDK has no class for this: its message names the status code.
    if (error instanceof Error && /HTTP 404/.test(error.message)) return undefined;
    throw error;
  }
}

/** Starts an orchestration unless its id is known already. Returns false when it is: then nothing was started. */
export async function startOnce(
  client: DurableClient,
  name: string,
  instanceId: string,
  input: object,
): Promise<boolean> {
  if (await findInstance(client, instanceId)) return false;
  await client.startNew(name, { instanceId, input });
  return true;
}

/** Every instance to which something may still happen. */
export async function liveInstances(client: DurableClient): Promise<DurableOrchestrationStatus[]> {
  return client.getStatusBy({
    runtimeStatus: [Status.Running, Status.Pending, Status.Suspended, Status.ContinuedAsNew],
  });
}

/** True while something may still happen to the instance. */
export function isLive(status: DurableOrchestrationStatus): boolean {
  const live: string[] = [Status.Running, Status.Pending, Status.Suspended, Status.ContinuedAsNew];
  return live.includes(status.runtimeStatus);
}
