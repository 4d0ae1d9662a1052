/**
 * Collects single items into batches and has them handled one batch after another: whoever handles a batch is never called
 * a second time before it is done. A batch begins with the first item that waits, and takes what else comes within a moment.
 */
export class Batcher<T> {
  readonly #size: number;
  readonly #momentMs: number;
  readonly #handle: (batch: readonly T[]) => Promise<void>;
  readonly #waiting: { item: T; resolve: () => void; reject: (reason: unknown) => void }[] = [];
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(size: number, momentMs: number, handle: (batch: readonly T[]) => Promise<void>) {
    this.#size = size;
    this.#momentMs = momentMs;
    this.#handle = handle;
  }

  /** Resolves, or rejects, with the batch that the item became part of. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#busy || this.#waiting.length === 0) return;
    if (this.#waiting.length >= this.#size) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#momentMs);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy = true;
    const batch = this.#waiting.splice(0, this.#size);
    try {
      await this.#handle(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
    }
    this.#busy = false;
    this.#schedule();
  }
}
