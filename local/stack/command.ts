import process from 'node:process';
import { ensureError } from '../../src/domain/errors.ts';

/** A failure that its message explains completely; shown without a stack. Says what was wrong and what to do. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Runs the body of a command and sets the exit code to what it returns, or to that of the error it threw. */
export async function runCommand(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (thrown) {
    const error = ensureError(thrown);
    console.error(error instanceof CommandError ? error.message : error);
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
  }
}
