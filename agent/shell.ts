import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of each stream the beginning and the end are kept; what is between them is dropped. */
const KEPT_HEAD = 8_192;
const KEPT_TAIL = 24_576;
const KILL_AFTER_MS = 5_000;

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** Why it was ended from outside; undefined when it ended by itself. */
  readonly ended: 'timeout' | 'aborted' | undefined;
}

export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends the command when it aborts. */
  readonly signal?: AbortSignal;
}

/** Runs a program in an empty folder of its own, which is removed afterwards. Never throws for what the program does. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), 'step-'));
  try {
    return await runIn(folder, program, args, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a step of a scenario: `bash -euo pipefail`. */
export function runScript(script: string, options: CommandOptions): Promise<CommandResult> {
  return runCommand('bash', ['-euo', 'pipefail', '-c', script], options);
}

function runIn(
  cwd: string,
  program: string,
  args: readonly string[],
  { env, timeoutMs, signal }: CommandOptions,
): Promise<CommandResult> {
  const startedAt = Date.now();
  // A process group of its own, so that a time-out ends what the shell has started, too.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stdout = new BoundedText();
  const stderr = new BoundedText();
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk.toString()));

  let ended: CommandResult['ended'];
  let killTimer: NodeJS.Timeout | undefined;
  const signalGroup = (name: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      // The group ended in this moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  const end = (why: CommandResult['ended']) => {
    if (ended) return;
    ended = why;
    signalGroup('SIGTERM');
    killTimer = setTimeout(() => signalGroup('SIGKILL'), KILL_AFTER_MS);
  };
  const abort = () => end('aborted');
  const atExit = () => signalGroup('SIGKILL');
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  process.once('exit', atExit);
  if (signal?.aborted) abort();

  return new Promise<CommandResult>((resolve) => {
    const finish = (exitCode: number, problem = '') => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', abort);
      process.off('exit', atExit);
      const durationMs = Date.now() - startedAt;
      resolve({ exitCode, stdout: stdout.text, stderr: stderr.text + problem, durationMs, ended });
    };
    child.once('error', (error) => finish(127, `${program} could not be started: ${error.message}`));
    child.once('close', (code) => finish(code ?? 1));
  });
}

/** Keeps the beginning and the end of a text that may be endless. */
class BoundedText {
  private head = '';
  private tail = '';
  private dropped = 0;

  add(chunk: string): void {
    const room = KEPT_HEAD - this.head.length;
    this.head += chunk.slice(0, room);
    this.tail += chunk.slice(Math.max(0, room));
    const surplus = this.tail.length - KEPT_TAIL;
    // Cutting now and then, not with every chunk.
    if (surplus > KEPT_TAIL) {
      this.dropped += surplus;
      this.tail = this.tail.slice(surplus);
    }
  }

  get text(): string {
    const gap = this.dropped > 0 ? `\n… ${this.dropped} characters left out …\n` : '';
    return `${this.head}${gap}${this.tail}`;
  }
}
