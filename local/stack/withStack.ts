import type { CommandError } from './command.ts';
import { Interrupted, interruption } from './interruption.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export interface WithStackOptions extends Omit<StackOptions, 'signal' | 'onLost'> {
  /** After `body` everything stays up until somebody asks us to leave; that is a good end then. */
  readonly stay?: boolean;
}

/**
 * Starts a stack, hands it to `body`, and stops it on every way out: the end of `body`, a signal or the end of the process
 * that started us (rejects with Interrupted), a service that ends by itself (rejects with its story). After kill -9 the
 * services notice the end of their standard input.
 */
export async function withStack<T>(
  options: WithStackOptions,
  body: (stack: Stack) => Promise<T>,
): Promise<T> {
  const interrupted = interruption();
  let onLost: (error: CommandError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    onLost = reject;
  });
  const leaving = Promise.race([interrupted.happened, lost]);
  const starting = startStack({ ...options, signal: interrupted.signal, onLost });
  try {
    const stack = await Promise.race([starting, leaving]);
    const result = await Promise.race([body(stack), leaving]);
    if (options.stay) await untilInterrupted(leaving);
    return result;
  } finally {
    const stack = await starting.catch(() => undefined);
    await stack?.stop();
  }
}

async function untilInterrupted(leaving: Promise<never>): Promise<void> {
  try {
    await leaving;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}
