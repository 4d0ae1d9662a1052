import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { azPython } from '../../scenarios/azCli.ts';
import { CommandError } from '../../stack/command.ts';

const WARM = path.join(import.meta.dirname, 'warm.py');
const CALL = path.join(import.meta.dirname, 'az.py');

export interface RealAz {
  /** Words of a shell that perform a command of the Azure CLI when its words follow. */
  readonly command: string;
  stop(): Promise<void>;
}

/** The Python of the Azure CLI on the PATH. Throws CommandError where there is none. */
export function requireRealAz(): string {
  const python = azPython();
  if (python) return python;
  throw new CommandError(
    'There is no Azure CLI on the PATH. Install it (Debian: apt-get install azure-cli), or leave --real-az out.',
  );
}

/**
 * Loads the Azure CLI of this machine once; its commands run in forks of that process, in the environment of their caller.
 * It asks nobody for extensions and sends no telemetry. Throws CommandError when there is no CLI or it does not load.
 */
export async function startRealAz(): Promise<RealAz> {
  const python = requireRealAz();
  // The name of a socket must be short.
  const folder = mkdtempSync(path.join(tmpdir(), 'az-'));
  const socket = path.join(folder, 'az');
  const child = spawn(python, ['-W', 'ignore', WARM, socket], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AZURE_CONFIG_DIR: folder,
      AZURE_CORE_COLLECT_TELEMETRY: '0',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const isReady = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(() => true),
    ended.then(() => false),
  ]);
  if (!isReady) throw new CommandError(`The Azure CLI (${python}) does not load; its reason is above.`);
  const settings =
    'AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_ERROR_RECOMMENDATION=off';
  return {
    command: `env ${settings} "${python}" -S "${CALL}" "${socket}"`,
    async stop() {
      child.stdin.end();
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
