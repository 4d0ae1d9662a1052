import { performance } from 'node:perf_hooks';
import type { Invoke } from './invoke.ts';

/** How often a function ran, and for how long in all. */
export interface Executed {
  count: number;
  milliseconds: number;
}

/** What a plan that charges by execution would charge for: every invocation since the start, failed ones too. */
export class Executions {
  readonly #byFunction = new Map<string, Executed>();

  /** The same invocations, counted. */
  counting(invoke: Invoke): Invoke {
    return async (fn, invocation) => {
      const begun = performance.now();
      try {
        return await invoke(fn, invocation);
      } finally {
        const executed = this.#byFunction.get(fn.name) ?? { count: 0, milliseconds: 0 };
        executed.count += 1;
        executed.milliseconds += performance.now() - begun;
        this.#byFunction.set(fn.name, executed);
      }
    };
  }

  byFunction(): Record<string, Executed> {
    return Object.fromEntries(this.#byFunction);
  }
}
