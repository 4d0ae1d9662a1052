/** How the command ends. Documented in docs/cli.md: scripts depend on these numbers. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that its message explains completely, with what to do about it; shown without a stack. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Ctrl-C while something was being waited for; the message says how to go on. */
export class Interrupted extends CommandFailure {
  constructor(message: string) {
    super(EXIT.interrupted, message);
  }
}
