import { type Child, type ChildSpec, spawnChild } from './child.ts';
import { CommandError } from './command.ts';

const READY_MS = 60_000;

export interface Started<T> {
  readonly child: Child;
  readonly value: T;
}

/** The children of one stack: started one by one, stopped together. */
export interface Fleet {
  /**
   * Starts a child and resolves with what `ready` resolves to. Rejects with the child's story (CommandError) when it ends
   * first or is not ready in time; it has been stopped then. `signal` aborts when nobody waits for `ready` any more.
   */
  start<T>(spec: ChildSpec, ready: (child: Child, signal: AbortSignal) => Promise<T>): Promise<Started<T>>;
  /** kill -9; the child's end is not reported as a loss. */
  kill9(child: Child): Promise<void>;
  /** Stops all, those that are still starting too, the last one first. May be called twice. */
  stop(): Promise<void>;
}

/** An empty fleet. `onLost` hears of a child that was ready and then ended by itself, with its last words. */
export function createFleet(onLost: (error: CommandError) => void): Fleet {
  const children = new Set<Child>();
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    // The host came last and goes first: the others are what it talks to.
    const inOrder = [...children].reverse();
    children.clear();
    for (const child of inOrder) await child.stop();
  };
  return {
    start: async (spec, ready) => {
      if (stopping) throw new CommandError(`${spec.name} was not started: the stack is being stopped.`);
      const child = spawnChild(spec);
      children.add(child);
      try {
        const value = await untilReady(child, ready);
        void child.ended.then((how) => {
          if (children.delete(child)) onLost(child.lost(how));
        });
        return { child, value };
      } catch (error) {
        children.delete(child);
        await child.stop();
        throw error;
      }
    },
    kill9: async (child) => {
      children.delete(child);
      await child.kill9();
    },
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

async function untilReady<T>(
  child: Child,
  ready: (child: Child, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const waiting = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(child.lost(`was not ready after ${READY_MS / 1_000} s`)), READY_MS);
  });
  const tooEarly = child.ended.then((how) => Promise.reject(child.lost(how)));
  try {
    return await Promise.race([ready(child, waiting.signal), tooEarly, tooLate]);
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
}
