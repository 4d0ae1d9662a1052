import type { InvocationContext, Timer } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { startOnce } from '../instances.ts';
import { getServices } from '../services.ts';
import { slotRunId } from './slot.ts';

/** Starts the run of the current slot. The instance id derives from the slot: firing twice starts nothing twice. */
export async function startScheduledRun(
  _timer: Timer,
  client: DurableClient,
  context: InvocationContext,
): Promise<void> {
  const runId = slotRunId(getServices().config.schedule, new Date());
  const started = await startOnce(client, 'orchestrate_haymaker_run', runId, { trigger: 'timer' });
  context.log(started ? `started ${runId}` : `${runId} was started before; nothing to do`);
}
