import type { InvocationContext } from '@azure/functions';
import { ensureError } from '../domain/errors.ts';
import { eventLog } from '../log/eventLog.ts';
import { getServices } from '../services.ts';
import { ingestAgentEvent } from './ingest.ts';

/**
 * The topic's trigger: takes one message. What cannot be taken is logged and thrown, so that Service Bus delivers it
 * again and, after the subscription's last delivery, keeps it among the dead letters.
 */
export async function receiveAgentEvent(message: unknown, context: InvocationContext): Promise<void> {
  try {
    await ingestAgentEvent(message, getServices());
  } catch (error) {
    eventLog(context)('message_refused', {
      delivery_count: Number(context.triggerMetadata?.deliveryCount ?? 0),
      reason: ensureError(error).message,
    });
    throw error;
  }
}
