import { constants } from 'node:os';
import process from 'node:process';
import { CommandError } from './command.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Somebody asked us to leave. `exitCode` tells the signal, as shells do: 130 for Ctrl-C. */
export class Interrupted extends CommandError {}

/** The wish to leave: Ctrl-C, a signal, or the end of the process that started us. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Rejects with Interrupted. Never resolves. */
  readonly happened: Promise<never>;
}

/** Takes over the handling of signals for the rest of the process; a signal that is repeated changes nothing. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const happened = new Promise<never>((_, reject) => {
    const leave = (why: string, exitCode: number) => {
      reject(new Interrupted(why, exitCode));
      controller.abort();
    };
    for (const name of SIGNALS)
      process.on(name, () => leave('Stopped everything on request.', 128 + constants.signals[name]));
    // bootstrap.mjs holds the other end of the channel; it may have gone before we listen.
    const orphaned = () => leave('Stopped everything: the process that started this one is gone.', 1);
    process.on('disconnect', orphaned);
    if (process.connected === false) orphaned();
    process.channel?.unref();
  });
  happened.catch(() => {});
  return { signal: controller.signal, happened };
}
