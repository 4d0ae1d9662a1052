import { homedir } from 'node:os';
import process from 'node:process';
import { CommanderError } from 'commander';
import { ensureError } from '../src/domain/errors.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { coloursFor } from './output/output.ts';
import { createProgram } from './program.ts';
import type { World } from './session.ts';

const world: World = {
  env: process.env,
  home: process.env.HOME || homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  catchInterrupt: () => {
    const controller = new AbortController();
    process.once('SIGINT', () => controller.abort());
    return controller.signal;
  },
};

// `haymaker logs | head` closes the pipe when it has enough; that is no fault.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

try {
  await createProgram(world).parseAsync(process.argv);
} catch (thrown) {
  process.exitCode = endOf(thrown);
}

/** Says what went wrong on stderr and returns the exit code of it. */
function endOf(thrown: unknown): number {
  // Commander has said it already; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
  const error = ensureError(thrown);
  const colours = coloursFor(process.stderr, process.env);
  const isFailure = error instanceof CommandFailure;
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (error instanceof CommandFailure && error.exitCode === EXIT.interrupted) say(`\n${error.message}`);
  else say(colours.red(isFailure ? error.message : `This is a fault of haymaker itself: ${error.message}`));
  if (process.argv.includes('--verbose') || process.argv.includes('-v') || !isFailure) {
    for (let cause: unknown = isFailure ? error.cause : error; cause !== undefined; ) {
      say(colours.dim(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)));
      cause = cause instanceof Error ? cause.cause : undefined;
    }
  }
  return isFailure ? error.exitCode : EXIT.failed;
}
