/** The last `size` keys that were added; older ones are forgotten. */
export class Recent {
  readonly #size: number;
  readonly #keys = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    // A set gives its keys back in the order in which they came.
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#size) return;
      this.#keys.delete(oldest);
    }
  }
}
