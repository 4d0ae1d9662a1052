import { randomBytes, randomUUID } from 'node:crypto';
import type { Message } from 'rhea';

/** One message of one queue or subscription. */
export interface Entry {
  readonly sequence: number;
  readonly message: Message;
  readonly enqueuedAt: number;
  /** How often it was handed out under a lock. */
  deliveryCount: number;
}

/** A message handed out under peek-lock. The token is the 16-byte delivery tag, as hex. */
export interface Lock {
  readonly token: string;
  readonly entry: Entry;
  until: number;
  timer: NodeJS.Timeout;
}

export type Settlement = 'complete' | 'abandon' | 'dead-letter' | 'defer';

export interface QueueSettings {
  readonly lockMs: number;
  readonly maxDeliveryCount: number;
  /** The next sequence number of the namespace. */
  readonly nextSequence: () => number;
}

/** What a queue has seen since it was made. */
export interface QueueCounters {
  enqueued: number;
  completed: number;
  abandoned: number;
  deadLettered: number;
  locksExpired: number;
}

/** The suffix that addresses the dead-letter queue of an entity. */
export const DEAD_LETTER = '/$deadletterqueue';

/**
 * A queue (or a subscription's queue) with peek-lock: a message is handed out under a lock, and comes back when it is
 * abandoned or the lock expires, until it has been delivered too often and moves to the dead-letter queue.
 */
export class MessageQueue {
  readonly name: string;
  readonly deadLetter: MessageQueue | undefined;
  readonly counters: QueueCounters = {
    enqueued: 0,
    completed: 0,
    abandoned: 0,
    deadLettered: 0,
    locksExpired: 0,
  };
  /** Called when a message may have become available. */
  onAvailable: () => void = () => undefined;
  private readonly settings: QueueSettings;
  private readonly ready: Entry[] = [];
  private readonly locks = new Map<string, Lock>();

  constructor(name: string, settings: QueueSettings) {
    this.name = name;
    this.settings = settings;
    this.deadLetter = name.endsWith(DEAD_LETTER) ? undefined : new MessageQueue(name + DEAD_LETTER, settings);
  }

  /** Adds a message now or, when `at` (epoch ms) is in the future, then. The client's lock renewer needs a message id. */
  enqueue(message: Message, at = 0): Entry {
    message.message_id ??= randomUUID().replaceAll('-', '');
    const entry = {
      sequence: this.settings.nextSequence(),
      message,
      enqueuedAt: Math.max(Date.now(), at),
      deliveryCount: 0,
    };
    this.counters.enqueued++;
    const wait = at - Date.now();
    if (wait > 0) setTimeout(() => this.makeReady(entry), wait).unref();
    else this.makeReady(entry);
    return entry;
  }

  /** Removes and returns the oldest message that nobody holds. */
  take(): Entry | undefined {
    return this.ready.shift();
  }

  /** Locks an entry that was taken and counts the delivery. */
  lock(entry: Entry): Lock {
    entry.deliveryCount++;
    const token = randomBytes(16).toString('hex');
    const lock = { token, entry, until: Date.now() + this.settings.lockMs, timer: this.expireLater(token) };
    this.locks.set(token, lock);
    return lock;
  }

  /** Starts a lock's time again. The new end in epoch ms, or undefined when the lock is lost. */
  renew(token: string): number | undefined {
    const lock = this.locks.get(token);
    if (!lock) return undefined;
    clearTimeout(lock.timer);
    lock.until = Date.now() + this.settings.lockMs;
    lock.timer = this.expireLater(token);
    return lock.until;
  }

  /** Ends a lock; false when it was lost. A deferred message is dropped: nobody here receives deferred messages. */
  settle(token: string, settlement: Settlement, properties: Record<string, unknown> = {}): boolean {
    const lock = this.locks.get(token);
    if (!lock) return false;
    this.locks.delete(token);
    clearTimeout(lock.timer);
    // Whoever holds as many as it may can take another one now.
    if (this.ready.length > 0) setImmediate(() => this.onAvailable());
    switch (settlement) {
      case 'complete':
      case 'defer':
        this.counters.completed++;
        break;
      case 'abandon':
        this.counters.abandoned++;
        this.giveBack(lock.entry);
        break;
      case 'dead-letter':
        this.bury(lock.entry, properties);
        break;
    }
    return true;
  }

  holds(token: string): boolean {
    return this.locks.has(token);
  }

  /** Messages from a sequence number on, locked or not, oldest first, without taking them. */
  peek(fromSequence: number, count: number): Entry[] {
    return [...this.ready, ...[...this.locks.values()].map((lock) => lock.entry)]
      .filter((entry) => entry.sequence >= fromSequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, count);
  }

  get length(): number {
    return this.ready.length + this.locks.size;
  }

  private expireLater(token: string): NodeJS.Timeout {
    return setTimeout(() => {
      const lock = this.locks.get(token);
      if (!lock) return;
      this.locks.delete(token);
      this.counters.locksExpired++;
      this.giveBack(lock.entry);
    }, this.settings.lockMs).unref();
  }

  private giveBack(entry: Entry): void {
    if (entry.deliveryCount < this.settings.maxDeliveryCount || !this.deadLetter) this.makeReady(entry);
    else
      this.bury(entry, {
        DeadLetterReason: 'MaxDeliveryCountExceeded',
        DeadLetterErrorDescription: `Message could not be consumed after ${this.settings.maxDeliveryCount} delivery attempts.`,
      });
  }

  private bury(entry: Entry, properties: Record<string, unknown>): void {
    this.counters.deadLettered++;
    entry.message.application_properties = { ...entry.message.application_properties, ...properties };
    (this.deadLetter ?? this).makeReady(entry);
  }

  private makeReady(entry: Entry): void {
    const isLast = (this.ready.at(-1)?.sequence ?? 0) < entry.sequence;
    this.ready.push(entry);
    if (!isLast) this.ready.sort((a, b) => a.sequence - b.sequence);
    setImmediate(() => this.onAvailable());
  }
}
