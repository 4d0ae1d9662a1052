import type { InvocationContext, Timer } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { startOnce } from '../instances.ts';
import { eventLog } from '../log/eventLog.ts';
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
  eventLog(context)('run_scheduled', { run_id: runId, new: started });
}
