import { CommanderError } from 'commander';
import { ensureError } from '../src/domain/errors.ts';
import { CommandFailure, EXIT, Interrupted } from './exit.ts';
import { coloursFor } from './output/output.ts';
import { createProgram } from './program.ts';
import type { World } from './session.ts';

/** Runs one command line (the words after `haymaker`) and returns its exit code; what went wrong is said on stderr. */
export async function runCommandLine(world: World, words: readonly string[]): Promise<number> {
  try {
    await createProgram(world).parseAsync(words, { from: 'user' });
    return EXIT.done;
  } catch (thrown) {
    // Commander has said it already; help and version are no errors.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    const error = ensureError(thrown);
    explain(error, world, words.includes('--verbose') || words.includes('-v'));
    return error instanceof CommandFailure ? error.exitCode : EXIT.failed;
  }
}

function explain(error: Error, { stderr, env }: World, isVerbose: boolean): void {
  const colours = coloursFor(stderr, env);
  const isFailure = error instanceof CommandFailure;
  if (error instanceof Interrupted) stderr.write(`\n${error.message}\n`);
  else if (isFailure) stderr.write(`${colours.red(error.message)}\n`);
  else stderr.write(`${colours.red(`This is a fault of haymaker itself: ${error.message}`)}\n`);
  if (isFailure && !isVerbose) return;
  let cause: unknown = isFailure ? error.cause : error;
  while (cause !== undefined) {
    stderr.write(`${colours.dim(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))}\n`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}
