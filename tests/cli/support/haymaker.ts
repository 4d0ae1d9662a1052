import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommandLine } from '../../../cli/run.ts';
import type { World } from '../../../cli/session.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly stdin?: string;
  /** A terminal of so many columns; none when left out. */
  readonly columns?: number;
  /** What Ctrl-C aborts. */
  readonly interrupt?: AbortController;
  /** Called with everything that is written to stdout so far. */
  readonly onOut?: (all: string) => void;
}

/** An empty home folder. */
export function newHome(): string {
  return mkdtempSync(path.join(tmpdir(), 'haymaker-cli-'));
}

/** Runs a command line in this process with streams of its own. */
export async function haymaker(words: readonly string[], options: Options = {}): Promise<Outcome> {
  const written = { out: '', err: '' };
  const stdout = stream(options.columns, (text) => {
    written.out += text;
    options.onOut?.(written.out);
  });
  const stderr = stream(undefined, (text) => {
    written.err += text;
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: false });
  stdin.end(options.stdin ?? '');
  const world: World = {
    env: options.env ?? {},
    home: options.home ?? newHome(),
    // The command uses only what these streams share with those of a process.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout,
    stderr,
    catchInterrupt: () => (options.interrupt ?? new AbortController()).signal,
  };
  const code = await runCommandLine(world, words);
  return { code, ...written };
}

function stream(columns: number | undefined, onText: (text: string) => void): NodeJS.WriteStream {
  const through = new PassThrough();
  through.on('data', (chunk) => onText(String(chunk)));
  const shape = { isTTY: columns !== undefined, ...(columns === undefined ? {} : { columns, rows: 40 }) };
  return Object.assign(through, shape) as unknown as NodeJS.WriteStream;
}
