import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';
import { Unavailable } from '../domain/errors.ts';
import { PROBE_EVENT_TYPE } from '../domain/event.ts';
import { EVENTS_SUBSCRIPTION, EVENTS_TOPIC } from '../domain/topic.ts';
import { azureCall } from './call.ts';

const PROBE_LIFE_MS = 60_000;
const PEEK_COUNT = 100;
const PEEK_INTERVAL_MS = 250;
const CLOSE_TIMEOUT_MS = 5_000;

export interface ServiceBus {
  /** Sends an event of type haymaker_probe, which lives for a minute; `probeId` is its message id and event id. */
  sendProbe(probeId: string): Promise<void>;
  /**
   * Proves topic and subscription: sends a probe and waits until it is seen in the subscription, or until `wasIngested`
   * says that the trigger has taken it. Only peeks, so it takes no event from the running trigger. Unavailable after
   * `timeoutMs`.
   */
  roundTrip(timeoutMs: number, wasIngested: (probeId: string) => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

/** The topic of agent events. `endpoint` (sb://host:port) is where the namespace is reached when it is not its name. */
export function createServiceBus(
  access: TokenCredential | string,
  { namespace, endpoint }: { namespace: string; endpoint?: string },
): ServiceBus {
  const options = {
    retryOptions: { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 10_000 },
    ...(endpoint ? { customEndpointAddress: endpoint } : {}),
  };
  const client =
    typeof access === 'string'
      ? new ServiceBusClient(access, options)
      : new ServiceBusClient(namespace, access, options);
  const sender = client.createSender(EVENTS_TOPIC);

  async function sendProbe(probeId: string): Promise<void> {
    const body = { event_type: PROBE_EVENT_TYPE, event_id: probeId, timestamp: new Date().toISOString() };
    const message = { body, messageId: probeId, contentType: 'application/json', timeToLive: PROBE_LIFE_MS };
    await azureCall(`sending a probe to topic ${EVENTS_TOPIC}`, (abortSignal) =>
      sender.sendMessages(message, { abortSignal }),
    );
  }

  return {
    sendProbe,

    async roundTrip(timeoutMs, wasIngested) {
      const doing = `waiting for a probe in subscription ${EVENTS_SUBSCRIPTION} of topic ${EVENTS_TOPIC}`;
      const deadline = Date.now() + timeoutMs;
      const probeId = randomUUID();
      const receiver = client.createReceiver(EVENTS_TOPIC, EVENTS_SUBSCRIPTION);
      try {
        await sendProbe(probeId);
        while (Date.now() < deadline) {
          if (await wasIngested(probeId)) return;
          // Each peek goes on after the last message seen, so a backlog is walked through once.
          const seen = await azureCall(
            doing,
            (abortSignal) => receiver.peekMessages(PEEK_COUNT, { abortSignal }),
            { timeoutMs: Math.max(1_000, deadline - Date.now()) },
          );
          if (seen.some(({ messageId }) => messageId === probeId)) return;
          if (seen.length < PEEK_COUNT) await pause(PEEK_INTERVAL_MS);
        }
        throw new Unavailable(
          `${doing}: not seen within ${timeoutMs / 1_000} s. Check that the subscription exists and has no filter.`,
        );
      } finally {
        await azureCall('closing the receiver', () => receiver.close(), { timeoutMs: CLOSE_TIMEOUT_MS });
      }
    },

    close: () => azureCall('closing Service Bus', () => client.close(), { timeoutMs: CLOSE_TIMEOUT_MS }),
  };
}
