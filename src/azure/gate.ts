import { Throttled } from '../domain/errors.ts';

/** A token bucket as Azure documents it. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What an answer says about its bucket. */
export interface Told {
  /** Requests that are left now, for everybody who draws from the bucket. */
  readonly remaining?: number;
  /** Set when nothing may be asked for so long. */
  readonly closedSeconds?: number;
  readonly refused?: boolean;
}

/** A longer wait is the orchestrator's to make. */
const LONGEST_WAIT_SECONDS = 15;

/** After a refusal somebody else draws from the bucket, too: we take half as much, and a little more with each success. */
const SMALLEST_SHARE = 1 / 16;
const RECOVERY = 1.02;

interface Waiter {
  readonly admit: () => void;
}

/**
 * Lets requests through as fast as their bucket fills. It begins with what Azure documents and then believes the answers:
 * they say what is left for all that share the bucket, other instances of the app included. What waits is in order, and
 * nobody waits by a fixed time.
 */
export class Gate {
  readonly #bucket: Bucket;
  readonly #now: () => number;
  readonly #waiting: Waiter[] = [];
  #level: number;
  #at: number;
  #share = 1;
  #inFlight = 0;
  #closedUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(bucket: Bucket, now: () => number = Date.now) {
    this.#bucket = bucket;
    this.#now = now;
    this.#level = bucket.capacity;
    this.#at = now();
  }

  /**
   * Resolves when a request may be sent; the caller must `leave` when its answer is there.
   * @throws Throttled at once when the wait would be long
   */
  async enter(signal?: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0 && this.#waitMs(1) === 0) return this.#take();
    const seconds = Math.ceil(this.#waitMs(this.#waiting.length + 1) / 1_000);
    if (seconds > LONGEST_WAIT_SECONDS) {
      throw new Throttled(`The quota of Azure is used up for ${seconds} s. Try again then.`, seconds);
    }
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  /** An answer came, or none. */
  leave({ remaining, closedSeconds = 0, refused = false }: Told = {}): void {
    this.#inFlight -= 1;
    this.#fill();
    // Of the others that are on their way the answer may not know yet.
    if (remaining !== undefined) this.#level = remaining * this.#share - this.#inFlight;
    if (refused) {
      // Those that were sent before the refusal was heard are refused, too, and say nothing new.
      if (this.#now() >= this.#closedUntil) this.#share = Math.max(SMALLEST_SHARE, this.#share / 2);
      this.#level = Math.min(this.#level, 0);
    } else this.#share = Math.min(1, this.#share * RECOVERY);
    this.#closedUntil = Math.max(this.#closedUntil, this.#now() + closedSeconds * 1_000);
    this.#admit();
  }

  #take(): void {
    this.#level -= 1;
    this.#inFlight += 1;
  }

  #admit(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0 && this.#waitMs(1) === 0) {
      this.#take();
      this.#waiting.shift()?.admit();
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#admit(), Math.max(1, this.#waitMs(1)));
  }

  /** Until the n-th request from now may go. */
  #waitMs(n: number): number {
    this.#fill();
    const missing = Math.max(0, n - this.#level);
    const refillMs = (missing / (this.#bucket.perSecond * this.#share)) * 1_000;
    return Math.max(0, this.#closedUntil - this.#now(), refillMs);
  }

  #fill(): void {
    const now = this.#now();
    const filled = ((now - this.#at) / 1_000) * this.#bucket.perSecond * this.#share;
    // Azure may say that there is more than it documents.
    this.#level = Math.max(this.#level, Math.min(this.#bucket.capacity, this.#level + filled));
    this.#at = now;
  }
}
