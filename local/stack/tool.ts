import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { CommandError } from './command.ts';
import { interruption } from './interruption.ts';
import { REPOSITORY } from './paths.ts';

const leaving = interruption();

/**
 * Runs the command `bin` of an installed package on our Node and returns its exit code; its output goes to ours. Rejects
 * with Interrupted after a signal, when the tool has ended.
 */
export async function toolExitCode(
  packageName: string,
  bin: string,
  args: readonly string[],
): Promise<number> {
  const child = spawn(process.execPath, [binaryOf(packageName, bin), ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: leaving.signal,
    killSignal: 'SIGTERM',
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', (error) => (error.name === 'AbortError' ? undefined : reject(error)));
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  return leaving.signal.aborted ? leaving.happened : code;
}

/** Runs a tool that has to be content. Throws CommandError naming it otherwise; it has said what is wrong. */
export async function runTool(packageName: string, bin: string, args: readonly string[]): Promise<void> {
  const code = await toolExitCode(packageName, bin, args);
  if (code !== 0) throw new CommandError(`${bin} ${args.join(' ')} failed: see above.`);
}

function binaryOf(packageName: string, bin: string): string {
  const folder = path.join(REPOSITORY, 'node_modules', packageName);
  const manifest: { bin: Record<string, string> } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  return path.join(folder, manifest.bin[bin] ?? '');
}
