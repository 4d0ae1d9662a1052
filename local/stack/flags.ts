import process from 'node:process';
import { parseArgs } from 'node:util';
import { ensureError } from '../../src/domain/errors.ts';
import { CommandError } from './command.ts';
import { DEFAULT_PORT } from './demo.ts';

interface Flag {
  readonly type: 'boolean' | 'string';
  /** For the usage text. */
  readonly about: string;
}

type Flags<T extends Record<string, Flag>> = {
  readonly [K in keyof T]: T[K]['type'] extends 'boolean' ? boolean : string | undefined;
};

/**
 * Parses the command line. Throws CommandError with the usage and exit code 2 for a flag that is not known, for a missing
 * value and for `--help`.
 */
export function parseFlags<T extends Record<string, Flag>>(
  command: string,
  known: T,
  args: readonly string[] = process.argv.slice(2),
): Flags<T> {
  const options = Object.fromEntries(Object.entries(known).map(([name, { type }]) => [name, { type }]));
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const entries = Object.entries(known).map(([name, { type }]) => [
      name,
      type === 'boolean' ? values[name] === true : values[name],
    ]);
    return Object.fromEntries(entries) as Flags<T>;
  } catch (error) {
    throw usageError(command, known, ensureError(error).message);
  }
}

/** The error for a command line that makes no sense: what is wrong, then the usage. */
export function usageError(command: string, known: Record<string, Flag>, why: string): CommandError {
  const lines = Object.entries(known).map(([name, { type, about }]) => {
    const flag = `--${name}${type === 'string' ? ' <value>' : ''}`;
    return `  ${flag.padEnd(20)} ${about}`;
  });
  return new CommandError([why, '', `usage: ${command} -- [flags]`, ...lines].join('\n'), 2);
}

/** The port that --port asks for. Throws the usage for anything but 1 to 65535. */
export function parsePort(command: string, known: Record<string, Flag>, text: string | undefined): number {
  const port = Number(text ?? DEFAULT_PORT);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw usageError(command, known, `--port: expected 1 to 65535, got "${text}"`);
}
