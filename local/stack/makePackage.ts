import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localSettings } from '../host/settings.ts';
import { CommandError } from './command.ts';
import { discoverFunctions, layOutDeployment } from './deployment.ts';
import { faultsOf } from './packageRules.ts';
import { unzip, type ZipEntry, zipOf } from './zip.ts';

export interface Package {
  readonly zipPath: string;
  readonly zipBytes: number;
  readonly sha256: string;
  /** Paths in the zip, sorted. */
  readonly files: readonly string[];
  /** Names of the functions that were found in it, sorted. */
  readonly functions: readonly string[];
}

/**
 * Makes the zip that is deployed of the built app at `root`, in its folder .haymaker, and judges what was written, not what
 * was meant: the zip is read again, held against the rules, unpacked elsewhere, and its functions are discovered there.
 * The same sources make the same zip, byte for byte. Throws CommandError that names every fault.
 */
export async function makePackage(root: string): Promise<Package> {
  const folder = path.join(root, '.haymaker', 'package');
  const laidOut = layOutDeployment(root, folder).files.map((file) => ({
    path: file,
    data: readFileSync(path.join(folder, file)),
  }));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const zipPath = path.join(root, '.haymaker', `haymaker-${version}.zip`);
  writeFileSync(zipPath, zipOf(laidOut));

  const archive = readFileSync(zipPath);
  const entries = unzip(archive);
  const faults = faultsOf(entries, archive.length, {
    root,
    localSettings: Object.values(localSettings(root, {})),
  });
  if (faults.length > 0)
    throw new CommandError(
      `${zipPath} must not be deployed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  return {
    zipPath,
    zipBytes: archive.length,
    sha256: createHash('sha256').update(archive).digest('hex'),
    files: entries.map((entry) => entry.path),
    functions: await functionsIn(entries),
  };
}

async function functionsIn(entries: readonly ZipEntry[]): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-zip-'));
  try {
    for (const entry of entries) {
      const file = path.join(folder, entry.path);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, entry.data);
    }
    return await discoverFunctions(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
