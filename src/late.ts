import type { InvocationContext } from '@azure/functions';
import type { EventLog } from './log/eventLog.ts';
import type { Services } from './services.ts';

/** A module that is read when it is asked for, with a handler under a name. */
export type Module<N extends string, H> = () => Promise<Record<NoInfer<N>, H>>;

/**
 * A handler whose module is read at its first call: a start reads what registers the functions and nothing else
 * (bench cold). A module that cannot be read fails its function's calls, and `npm run package`, which reads them all.
 */
export function late<N extends string, M extends Record<N, (...args: never[]) => Promise<unknown>>>(
  name: N,
  load: () => Promise<M>,
): (...args: Parameters<M[N]>) => ReturnType<M[N]> {
  // Only the compiler cannot see that a promise of what the handler promises is the same promise.
  return (...args) => load().then((module) => module[name](...args)) as ReturnType<M[N]>;
}

/** An activity's handler: its input, the services, which are made on first use and never at import, and a log. */
export function activity<N extends string>(
  name: N,
  load: Module<N, (input: never, services: Services, log: EventLog) => Promise<unknown>>,
) {
  return {
    handler: async (input: unknown, context: InvocationContext) => {
      const [module, { getServices }, { eventLog }] = await Promise.all([
        load(),
        import('./services.ts'),
        import('./log/eventLog.ts'),
      ]);
      return module[name](input as never, getServices(), eventLog(context));
    },
  };
}
