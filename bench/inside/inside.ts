import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Stack } from '../../local/stack/stack.ts';

const MAX_OUTPUT = 64 * 1024 * 1024;
/** What a child needs of our own environment; everything else comes from the stack. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR'];

/**
 * Runs bench/inside/<script>.ts as a process of the stack, with the app's identity and settings, and resolves with what it
 * printed last, parsed. `input` is its only argument, as JSON. Rejects with what it wrote to standard error when it fails.
 */
export async function inside<T>(
  { environment }: Pick<Stack, 'environment'>,
  script: string,
  input: unknown,
): Promise<T> {
  const file = fileURLToPath(new URL(`./${script}.ts`, import.meta.url));
  const own = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=UNDICI-EHPA', '--disable-warning=DEP0123', file, JSON.stringify(input)],
    { env: { ...own, ...environment }, maxBuffer: MAX_OUTPUT },
  );
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? 'null') as T;
}

/** The folder of a package in node_modules. */
export function packageFolder(name: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
