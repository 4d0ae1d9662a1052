import type { Child } from './child.ts';
import type { CommandError } from './command.ts';

/** The children of one stack: all are watched, all are stopped together. */
export interface Fleet {
  /** Watches a child; one that ends while it is in the fleet is reported as lost. */
  add(child: Child): void;
  /** The child may end from now on, or has. */
  release(child: Child): void;
  has(child: Child): boolean;
  /** Stops all, the last one first; may be called twice. */
  stop(): Promise<void>;
}

/** An empty fleet. `onLost` hears of a child that ended by itself, with its last words. */
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
    add: (child) => {
      children.add(child);
      void child.ended.then((how) => {
        if (children.delete(child)) onLost(child.lost(how));
      });
    },
    release: (child) => {
      children.delete(child);
    },
    has: (child) => children.has(child),
    stop: () => {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
