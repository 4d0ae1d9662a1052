import pc from 'picocolors';
import { stringify } from 'yaml';
import type { Screen } from './table.ts';

export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

const OLD_TERMINAL_COLUMNS = 80;

/** The streams of the process, or stand-ins for them. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Where results go (stdout) and where people are spoken to (stderr). */
export interface Output {
  readonly format: Format;
  /** True when people look at a table on a terminal: only then anything may move. */
  readonly live: boolean;
  readonly screen: Screen;
  readonly stdout: NodeJS.WriteStream;
  /** The result: `data` for json and yaml, else the lines that `view` draws. */
  result(data: unknown, view: (screen: Screen) => string): void;
  /** One item of a stream that has no end: a line of JSON, a YAML document, or a line for people. */
  item(data: unknown, view: (screen: Screen) => string): void;
  /** A word to people that is no result: progress, advice. */
  say(line: string): void;
}

/** Colour only on a terminal that knows it, and never against NO_COLOR (no-color.org). */
export function coloursFor(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>) {
  return pc.createColors(Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb');
}

export function createOutput(
  format: Format,
  { stdout, stderr }: Streams,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  const isTerminal = Boolean(stdout.isTTY);
  const screen = {
    get columns() {
      return isTerminal ? stdout.columns || OLD_TERMINAL_COLUMNS : undefined;
    },
    colours: coloursFor(stdout, env),
  };
  const write = (text: string) => stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return {
    format,
    live: isTerminal && format === 'table' && env.TERM !== 'dumb',
    screen,
    stdout,
    result(data, view) {
      switch (format) {
        case 'json':
          return void write(JSON.stringify(data, null, 2));
        case 'yaml':
          return void write(stringify(data));
        case 'table':
          return void write(view(screen));
      }
    },
    item(data, view) {
      switch (format) {
        case 'json':
          return void write(JSON.stringify(data));
        case 'yaml':
          return void write(`---\n${stringify(data)}`);
        case 'table':
          return void write(view(screen));
      }
    },
    say: (line) => void stderr.write(`${line}\n`),
  };
}
