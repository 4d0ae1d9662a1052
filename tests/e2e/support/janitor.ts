import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { downloadReport } from '../../../local/stack/report.ts';
import type { ReportOutput } from '../../../src/activities/contracts.ts';
import { closingInstanceId } from '../../../src/run/closeRun.ts';
import { request, until } from './http.ts';
import { type RunStatus, statusOf } from './run.ts';
import type { Target } from './target.ts';

/** The janitor comes when it is called, and is in a hurry. */
export const HASTY = { JANITOR_PATIENCE: 'PT1S' };

/** One round of the janitor; resolves when it has ended. */
export async function callJanitor(at: Target): Promise<void> {
  const { status } = await request(`${at.url}/admin/functions/haymaker_janitor`, { method: 'POST' });
  if (status !== 202) throw new Error(`the janitor's round failed: ${status}`);
}

/**
 * Calls the janitor until it has begun to close the run, then waits for the end; returns how. Calling it on would use up
 * the queries that the clean-up needs: Resource Graph answers 15 in 5 seconds.
 */
export async function closedByJanitor(at: Target, runId: string): Promise<ReportOutput> {
  const look = () => statusOf(at, closingInstanceId(runId));
  await until(
    async () => {
      await callJanitor(at);
      return look();
    },
    ({ runtimeStatus }) => typeof runtimeStatus === 'string',
    90_000,
    1_500,
  );
  const closing = await until(
    look,
    ({ runtimeStatus }) => ['Completed', 'Failed'].includes(runtimeStatus),
    180_000,
  );
  if (closing.runtimeStatus !== 'Completed') throw new Error(JSON.stringify(closing));
  return closing.output;
}

/** Ends the run's own orchestration from outside; what it had started goes on. */
export async function terminate(at: Target, runId: string): Promise<void> {
  const url = `${at.url}/runtime/webhooks/durabletask/instances/${runId}/terminate?reason=test`;
  const { status } = await request(url, { method: 'POST' });
  if (status !== 202) throw new Error(`not terminated: ${status}`);
}

export function isIn(phase: string): (status: RunStatus) => boolean {
  return ({ customStatus }) => customStatus?.phase === phase;
}

/** Runs a script of this folder with the app's identity; returns what it printed. */
export async function asApp(at: Target, script: string, ...args: string[]): Promise<string> {
  const file = new URL(`./${script}`, import.meta.url).pathname;
  const env = { ...process.env, ...at.stack?.environment };
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], { env });
  return stdout;
}

/** Downloads the run's report and has its proof checked by the command; returns what the command said. */
export async function verifiedProof(at: Target, runId: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  try {
    await downloadReport(at.stack?.environment ?? {}, `reports/${runId}/report.json`, folder);
    const command = new URL('../../../local/verifyProof.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, [command, join(folder, 'report.json')]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
