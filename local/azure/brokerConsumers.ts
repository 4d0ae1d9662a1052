import type { Connection, Delivery, Sender } from 'rhea';
import rhea from 'rhea';
import { answerOutcome, creditOf, type Outcome, type OutcomeName, outcomeOf } from './brokerCodec.ts';
import { outgoing } from './brokerManagement.ts';
import type { MessageQueue, Settlement } from './brokerQueue.ts';

/** Sender settle mode of a client in receive-and-delete mode. */
const SETTLED = 1;

const LOCK_LOST = {
  condition: 'com.microsoft:message-lock-lost',
  description: 'The lock supplied is invalid. Either the lock expired, or the message was already settled.',
};

/** Which lock a delivery stands for. */
const held = new WeakMap<Delivery, { readonly queue: MessageQueue; readonly token: string }>();

/** Everything that receives from one queue. */
export class Consumers {
  private readonly queue: MessageQueue;
  private readonly links = new Set<Sender>();

  constructor(queue: MessageQueue) {
    this.queue = queue;
    queue.onAvailable = () => this.pump();
  }

  /** Adds a consumer's link until it, its session or its connection ends. */
  add(link: Sender, connection: Connection): void {
    this.links.add(link);
    const remove = () => this.links.delete(link);
    link.once('sender_close', remove);
    link.once('session_close', remove);
    connection.once('disconnected', remove);
    setImmediate(() => this.pump());
  }

  /** Hands out messages while somebody has credit. */
  pump(): void {
    for (const link of this.links) while (link.is_open() && creditOf(link) > 0 && this.sendNext(link));
  }

  private sendNext(link: Sender): boolean {
    const entry = this.queue.take();
    if (!entry) return false;
    if (link.snd_settle_mode === SETTLED) {
      this.queue.counters.completed++;
      link.send(outgoing(entry), rhea.generate_uuid());
      return true;
    }
    const lock = this.queue.lock(entry);
    const delivery = link.send(outgoing(entry, lock.until), Buffer.from(lock.token, 'hex'));
    held.set(delivery, { queue: this.queue, token: lock.token });
    return true;
  }
}

/**
 * A consumer's disposition. With rcv-settle-mode "second" the client waits for a settled disposition in return, so each
 * outcome is answered: the same outcome when the lock was held, message-lock-lost when it was not.
 */
export function onDisposition(name: OutcomeName, delivery: Delivery | undefined): void {
  const lock = delivery && held.get(delivery);
  const outcome = delivery && outcomeOf(delivery);
  // rhea reports a modified outcome as released too.
  if (!delivery || !lock || delivery.settled || outcome?.name !== name) return;
  const { settlement, properties } = settlementOf(name, outcome);
  if (lock.queue.settle(lock.token, settlement, properties)) answerOutcome(delivery, name);
  else answerOutcome(delivery, 'rejected', { error: LOCK_LOST });
}

function settlementOf(
  name: OutcomeName,
  outcome: Outcome,
): { settlement: Settlement; properties?: Record<string, unknown> } {
  switch (name) {
    case 'accepted':
      return { settlement: 'complete' };
    case 'released':
      return { settlement: 'abandon' };
    case 'modified':
      return { settlement: outcome.undeliverableHere ? 'defer' : 'abandon' };
    case 'rejected':
      return {
        settlement: 'dead-letter',
        properties: { DeadLetterReason: outcome.error?.condition, ...outcome.error?.info },
      };
  }
}
