/** Collects single items into batches: a batch is full, or its first item has waited long enough. */
export class Batcher<T> {
  readonly #size: number;
  readonly #waitMs: number;
  readonly #handle: (batch: readonly T[]) => Promise<void>;
  #waiting: { item: T; resolve: () => void; reject: (reason: unknown) => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(size: number, waitMs: number, handle: (batch: readonly T[]) => Promise<void>) {
    this.#size = size;
    this.#waitMs = waitMs;
    this.#handle = handle;
  }

  /** Resolves, or rejects, with the batch that the item became part of. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length >= this.#size) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), this.#waitMs);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#handle(batch.map(({ item }) => item)).then(
      () => {
        for (const each of batch) each.resolve();
      },
      (reason: unknown) => {
        for (const each of batch) each.reject(reason);
      },
    );
  }
}
