import type { InvocationContext, Timer } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { patrol } from '../janitor/patrol.ts';
import { eventLog } from '../log/eventLog.ts';
import { getServices } from '../services.ts';

/**
 * The janitor's round: finds what dead runs have left and has it removed. Throws when it could not work at all (engine or
 * books silent), so that the invocation shows as failed; the next round is the next try.
 */
export async function tidyUp(
  _timer: Timer,
  client: DurableClient,
  context: InvocationContext,
): Promise<void> {
  await patrol(client, getServices(), eventLog(context));
}
