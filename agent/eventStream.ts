import { createHash, randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';
import type { AgentEvent } from '../src/domain/event.ts';
import { type Scrub, scrubDeep } from './scrub.ts';
import type { AgentSettings } from './settings.ts';

/** What the agent has to say; the rest of an event is the same in all of them. */
export type AgentMessage = Pick<AgentEvent, 'event_type' | 'message'> &
  Partial<Pick<AgentEvent, 'severity' | 'resource_id' | 'resource_type' | 'details'>> & {
    /** Said again after a restart, a message with the same identity is the same event: readers drop it. */
    readonly identity?: string;
  };

export interface EventStream {
  /** Says something. Never rejects: an agent that is not heard goes on working, and says it later. */
  post(message: AgentMessage): Promise<void>;
  /** Events that have not been delivered. */
  readonly pending: number;
  /** Tries once more to deliver what is pending, then closes the connection. */
  close(): Promise<void>;
}

/** Delivers one event; rejects when it was not taken. */
export type Deliver = (event: AgentEvent) => Promise<void>;

const LONGEST_MESSAGE = 2_000;
const MOST_PENDING = 1_000;

/** Fills in, scrubs and delivers events in order; keeps those that cannot be delivered now for the next try. */
export function createEventStream(
  settings: Pick<AgentSettings, 'runId' | 'agentId' | 'scenarioId'>,
  scrub: Scrub,
  deliver: Deliver,
  closeConnection: () => Promise<void>,
): EventStream {
  const outbox: AgentEvent[] = [];
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    for (let [next] = outbox; next; [next] = outbox) {
      try {
        await deliver(next);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        console.error(scrub(`An event could not be delivered, ${outbox.length} wait: ${why}`));
        return;
      }
      outbox.shift();
    }
  }
  const flushOnce = () => {
    flushing ??= flush().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };

  return {
    get pending() {
      return outbox.length;
    },
    async post({ identity, severity = 'info', message, details, ...rest }) {
      const said = scrub(message);
      const event: AgentEvent = {
        event_id: identity === undefined ? randomUUID() : eventId(settings.agentId, identity),
        timestamp: new Date().toISOString(),
        run_id: settings.runId,
        agent_id: settings.agentId,
        scenario: settings.scenarioId,
        severity,
        message: said.length > LONGEST_MESSAGE ? `${said.slice(0, LONGEST_MESSAGE - 1)}…` : said,
        ...rest,
        ...(details ? { details: Object(scrubDeep(scrub, details)) } : {}),
      };
      console.log(JSON.stringify(event));
      // When nobody has listened for so long, the oldest words matter least; the log above has them all.
      if (outbox.length >= MOST_PENDING) outbox.shift();
      outbox.push(event);
      await flushOnce();
    },
    async close() {
      await flushOnce();
      await closeConnection();
    },
  };
}

function eventId(agentId: string, identity: string): string {
  return createHash('sha256').update(`${agentId}\n${identity}`).digest('hex').slice(0, 32);
}

/** The topic of the platform, by the managed identity that may send to it and do nothing else. */
export function connectTopic(
  settings: AgentSettings,
  credential: TokenCredential,
): { readonly deliver: Deliver; close(): Promise<void> } {
  const client = new ServiceBusClient(settings.serviceBusNamespace, credential, {
    retryOptions: { maxRetries: 3, retryDelayInMs: 500, timeoutInMs: 10_000 },
    ...(settings.serviceBusEndpoint ? { customEndpointAddress: settings.serviceBusEndpoint } : {}),
  });
  const sender = client.createSender(settings.serviceBusTopic);
  return {
    deliver: (event) =>
      sender.sendMessages({ body: event, contentType: 'application/json', messageId: event.event_id }),
    close: () => client.close(),
  };
}
