import path from 'node:path';
import type { Display } from '../../terminal/display.ts';
import { createViewer } from '../ui/follow.ts';
import { leftoversAt } from './control.ts';
import { demoRunId } from './demo.ts';
import { type DurableStatus, followRun, startRun } from './durable.ts';
import { failureOf, type Outcome, runOutput } from './outcome.ts';
import { REPOSITORY } from './paths.ts';
import { downloadReport } from './report.ts';
import type { Stack } from './stack.ts';
import type { StartFlags } from './startFlags.ts';

/** What a run may take beyond its window before we give up on it: provisioning, clean-up and report. */
const BEYOND_WINDOW_MS = 10 * 60_000;

export interface Performance {
  readonly outcome: Outcome;
  /** Why the run failed, when it did. */
  readonly failure: string | undefined;
}

/** Performs one run on the stack and shows it: start on the durable webhook, follow, fetch the report, second opinion. */
export async function performRun(stack: Stack, flags: StartFlags, display: Display): Promise<Performance> {
  const runId = demoRunId(new Date());
  const startedAt = Date.now();
  await startRun(stack.url, runId, { trigger: 'manual', seed: flags.seed, size: flags.size });
  const look = createViewer(display, { hostUrl: stack.url, runId });
  const limitMs = flags.durationSeconds * 1_000 + BEYOND_WINDOW_MS;
  const status = await followRun(stack.url, runId, limitMs, look);
  display.close();
  return {
    outcome: await outcomeOf(stack, runId, status, (Date.now() - startedAt) / 1_000),
    failure: failureOf(status),
  };
}

async function outcomeOf(
  stack: Stack,
  runId: string,
  status: DurableStatus,
  seconds: number,
): Promise<Outcome> {
  const output = runOutput(status);
  const left = await leftoversAt(stack.standIn.controlUrl);
  const folder = path.join(REPOSITORY, '.haymaker', 'reports', runId);
  return {
    runId,
    status: output?.status ?? 'failed',
    cleanupStatus: output?.cleanupStatus ?? 'unknown',
    agents: output?.agents.total ?? 0,
    resourcesCreated: output?.resourcesCreated ?? 0,
    resourcesRemoved: output?.resourcesRemoved ?? 0,
    leftovers: Math.max(output?.leftovers ?? 0, left.length),
    functionsFound: stack.functions.length,
    reportPath: output?.reportPath
      ? await downloadReport(stack.environment, output.reportPath, folder)
      : null,
    durationSeconds: Math.round(seconds),
  };
}
