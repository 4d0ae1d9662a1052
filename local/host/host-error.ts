/**
 * The host cannot start, or cannot do what it was asked, for a reason that a person can remove. The message says what is
 * wrong and what to do; it is shown without a stack. `exitCode` is 2 when the port is taken, else 1.
 */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly exitCode: number;
  constructor(message: string, options?: ErrorOptions & { exitCode?: number }) {
    super(message, options);
    this.exitCode = options?.exitCode ?? 1;
  }
}

/** The text of anything that was thrown, for one line of log. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The value under a key of something parsed from JSON; undefined when it is no object or has no such key. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
