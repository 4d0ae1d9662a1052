import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { CommandError } from './command.ts';

const STOP_GRACE_MS = 5_000;
const LAST_LINES = 12;
/** The app's Graph client reaches the stand-in by Node's own proxy support, of which Node says that it may change. */
const QUIET = '--disable-warning=UNDICI-EHPA';
const NODE_FLAGS = [QUIET, '--import', new URL('./tether.mjs', import.meta.url).href];
/** What a child needs of our environment. Nothing else passes: proxies and Azure credentials must not leak in. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ', 'SystemRoot', 'USERPROFILE'];

export interface ChildSpec {
  /** Names the log file: <logs>/<name>.log */
  readonly name: string;
  /** Arguments of node: the script and its own. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logs: string;
  /** What to do when it does not come up; ends the error message. */
  readonly advice: string;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, with the reason in words. */
  readonly ended: Promise<string>;
  /** Calls `listener` with each line of its standard output from now on. */
  onLine(listener: (line: string) => void): void;
  /** Ends it and resolves when it is gone: SIGTERM, then SIGKILL. */
  stop(): Promise<void>;
  /** Ends it without warning. */
  kill9(): Promise<void>;
  /** Error for a child that is gone and should not be: why, the last lines of its log, what to do. */
  lost(why: string): CommandError;
}

/**
 * Starts a Node child whose output goes to its log. It sits in a process group of its own (Ctrl-C reaches only us, and we stop it in order) and leaves when we are
 * gone: its standard input ends then.
 */
export function spawnChild(spec: ChildSpec): Child {
  mkdirSync(spec.logs, { recursive: true });
  const logPath = path.join(spec.logs, `${spec.name}.log`);
  // Opened at once: the story of a child that ends early is read from it.
  const log = createWriteStream(logPath, { fd: openSync(logPath, 'a') });
  const child = spawn(process.execPath, [...NODE_FLAGS, ...spec.args], {
    env: { ...passedOn(), ...spec.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => killGroup(child));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const lines = createInterface({ input: child.stdout });
  const ended = endOf(child).finally(() => log.end());
  return {
    name: spec.name,
    pid: child.pid ?? -1,
    ended,
    onLine: (listener) => lines.on('line', listener),
    stop: async () => {
      if (hasExited(child)) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => killGroup(child), STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
    kill9: async () => {
      killGroup(child);
      await ended;
    },
    lost: (why) =>
      new CommandError(
        [`${spec.name} ${why}. The end of ${logPath}:`, ...lastLines(logPath), spec.advice].join('\n'),
      ),
  };
}

function passedOn(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'close');
    return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  } catch (error) {
    return `could not be started: ${String(error)}`;
  }
}

/** SIGKILL for the child and what it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || hasExited(child)) return;
  if (process.platform === 'win32') child.kill('SIGKILL');
  else process.kill(-child.pid, 'SIGKILL');
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function lastLines(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
  return lines.map((line) => `  ${line}`);
}
