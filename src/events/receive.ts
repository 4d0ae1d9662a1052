import type { InvocationContext } from '@azure/functions';
import { ensureError } from '../domain/errors.ts';
import { eventLog } from '../log/eventLog.ts';
import { getServices } from '../services.ts';
import { ingestAgentEvents } from './ingest.ts';

/**
 * The topic's trigger, with cardinality "many". The host completes the batch when this returns and gives all of it back
 * when it throws, so it throws only when the same batch may succeed later; after the subscription's last delivery Service
 * Bus keeps it among the dead letters. What can never be taken is parked, and both are logged.
 */
export async function receiveAgentEvents(messages: unknown, context: InvocationContext): Promise<void> {
  const batch = Array.isArray(messages) ? messages : [messages];
  const refuse = (count: number, reason: string, fate: 'parked' | 'returned') =>
    eventLog(context)('message_refused', {
      delivery_count: deliveries(context),
      reason,
      messages: count,
      fate,
    });
  try {
    const { parked } = await ingestAgentEvents(batch, getServices());
    const [first] = parked;
    if (first) refuse(parked.length, first.why, 'parked');
  } catch (error) {
    refuse(batch.length, ensureError(error).message, 'returned');
    throw error;
  }
}

/** How often the message of the batch that was delivered most often has been. */
function deliveries({ triggerMetadata }: InvocationContext): number {
  const counts = triggerMetadata?.deliveryCountArray;
  return Array.isArray(counts) ? Math.max(0, ...counts.map(Number)) : 0;
}
