import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ensureError } from '../../src/domain/errors.ts';
import { CommandError } from './command.ts';

const LOAD_MS = 60_000;
const LIST_FUNCTIONS = fileURLToPath(new URL('./listFunctions.ts', import.meta.url));

export interface Deployment {
  /** Paths relative to the folder, sorted. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Lays out in `target` exactly what is deployed of the built app at `root`: no node_modules, no scripts, no sources. */
export function layOutDeployment(root: string, target: string): Deployment {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(path.join(target, 'scenarios'), { recursive: true });
  const { name, version, main } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify({ name, version, main }, null, 2)}\n`);
  const scenarios = readdirSync(path.join(root, 'scenarios')).filter((file) => file.endsWith('.md'));
  const copied = [
    'host.json',
    'dist/functions.json',
    ...codeFiles(root),
    ...pageFiles(root),
    ...scenarios.map((file) => `scenarios/${file}`),
  ];
  for (const file of copied) cpSync(path.join(root, file), path.join(target, file));
  const files = [...copied, 'package.json'].sort();
  const bytes = files.reduce((sum, file) => sum + statSync(path.join(target, file)).size, 0);
  return { files, bytes };
}

/** dist/index.js and its parts. */
function codeFiles(root: string): string[] {
  return readdirSync(path.join(root, 'dist'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => `dist/${file}`);
}

/** The built page; nothing for an app without one. */
function pageFiles(root: string): string[] {
  const folder = path.join(root, 'dist', 'page');
  return existsSync(folder) ? readdirSync(folder).map((file) => `dist/page/${file}`) : [];
}

/**
 * The names of the functions that the host's loader finds in a copy of `deployment`, sorted. The copy lies outside of the
 * clone, so no node_modules is in reach, and the process has an empty environment: what is found there is found on Azure.
 * Throws CommandError when loading fails, which includes names that are not those of dist/functions.json.
 */
export async function discoverFunctions(deployment: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-package-'));
  try {
    cpSync(deployment, folder, { recursive: true });
    const { stdout } = await promisify(execFile)(process.execPath, [LIST_FUNCTIONS, folder], {
      cwd: folder,
      env: {},
      timeout: LOAD_MS,
    }).catch((thrown: unknown) => {
      throw new CommandError(
        `The functions of the deployment were not found; Azure would report "0 functions found". ${ensureError(thrown).message}`,
        1,
        { cause: thrown },
      );
    });
    return z.array(z.string()).parse(JSON.parse(stdout));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
