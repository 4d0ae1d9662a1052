import type { Message } from 'rhea';
import { decodeMessage, encodeMessage } from './brokerCodec.ts';
import { type Entry, MessageQueue, type QueueCounters, type QueueSettings } from './brokerQueue.ts';

/** The topics of a namespace: topic name to the names of its subscriptions. */
export type Topology = Readonly<Record<string, readonly string[]>>;

/** Counters of the control endpoint: one line a subscription. */
export interface SubscriptionCounters extends QueueCounters {
  readonly topic: string;
  readonly subscription: string;
  readonly active: number;
  readonly deadLetters: number;
}

/** Addresses are compared without case and without slashes at their ends. */
export function entityKey(address: string): string {
  return address.replace(/^\/|\/$/g, '').toLowerCase();
}

/** The topics and subscriptions of one Service Bus namespace. */
export class Entities {
  private readonly queues = new Map<string, MessageQueue>();
  private readonly topics = new Map<string, MessageQueue[]>();
  private readonly names: { topic: string; subscription: string; queue: MessageQueue }[] = [];

  constructor(topology: Topology, settings: Omit<QueueSettings, 'nextSequence'>) {
    let sequence = 0;
    const nextSequence = () => ++sequence;
    for (const [topic, subscriptions] of Object.entries(topology)) {
      const queues = subscriptions.map((subscription) => {
        const queue = new MessageQueue(`${topic}/Subscriptions/${subscription}`, {
          ...settings,
          nextSequence,
        });
        this.names.push({ topic, subscription, queue });
        return queue;
      });
      this.topics.set(entityKey(topic), queues);
      for (const queue of queues) {
        this.queues.set(entityKey(queue.name), queue);
        if (queue.deadLetter) this.queues.set(entityKey(queue.deadLetter.name), queue.deadLetter);
      }
    }
  }

  /** The subscription's queue, or dead-letter queue, at an address. */
  queue(address: string): MessageQueue | undefined {
    return this.queues.get(entityKey(address));
  }

  isTopic(address: string): boolean {
    return this.topics.has(entityKey(address));
  }

  /** Copies a message to every subscription of a topic; undefined when there is no such topic. */
  publish(address: string, message: Message): Entry[] | undefined {
    const due = Number(message.message_annotations?.['x-opt-scheduled-enqueue-time'] ?? 0);
    return this.topics.get(entityKey(address))?.map((queue) => queue.enqueue(copy(message), due));
  }

  counters(): SubscriptionCounters[] {
    return this.names.map(({ topic, subscription, queue }) => ({
      topic,
      subscription,
      ...queue.counters,
      active: queue.length,
      deadLetters: queue.deadLetter?.length ?? 0,
    }));
  }
}

function copy(message: Message): Message {
  return decodeMessage(encodeMessage(message));
}
