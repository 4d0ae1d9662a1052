import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureError } from '../../src/domain/errors.ts';
import { WORLD } from '../world.ts';
import { CommandError } from './command.ts';

const DOWNLOAD_MS = 60_000;
const SCRIPT = fileURLToPath(new URL('./reportFiles.ts', import.meta.url));

/**
 * Copies report.html and report.json of a run into `folder`, with the app's own identity. `reportPath` is what the run
 * ended with, such as reports/<runId>/report.html. Returns the path of the HTML file; throws CommandError.
 */
export async function downloadReport(
  environment: Readonly<Record<string, string>>,
  reportPath: string,
  folder: string,
): Promise<string> {
  const container = path.posix.dirname(reportPath);
  const blobs = ['report.html', 'report.json'].map((file) => `${container}/${file}`);
  try {
    await promisify(execFile)(process.execPath, [SCRIPT, WORLD.storageAccount, folder, ...blobs], {
      env: { ...environment },
      timeout: DOWNLOAD_MS,
    });
  } catch (thrown) {
    throw new CommandError(`The report ${reportPath} could not be read: ${ensureError(thrown).message}`, 1, {
      cause: thrown,
    });
  }
  return path.join(folder, 'report.html');
}
