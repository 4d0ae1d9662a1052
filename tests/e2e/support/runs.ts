import { type DurableStatus, findStatus, hasFinished, startRun } from '../../../local/stack/durable.ts';
import { type RunOutput, runOutput } from '../../../local/stack/outcome.ts';
import type { Phase, RunProgress } from '../../../src/domain/run.ts';
import { until } from './until.ts';

const FINISH_MS = 240_000;
const PHASE_MS = 120_000;

/** Starts a run on the durable webhook and resolves with its status when it has finished. */
export async function performRun(url: string, runId: string, body: object): Promise<DurableStatus> {
  await startRun(url, runId, body);
  return finished(url, runId);
}

/** The status of an instance once it has finished. A host that does not answer (killed, restarting) is waited for. */
export function finished(url: string, instanceId: string, timeoutMs = FINISH_MS): Promise<DurableStatus> {
  return until(`the end of ${instanceId}`, timeoutMs, async () => {
    const status = await lookAt(url, instanceId);
    return status && hasFinished(status) ? status : undefined;
  });
}

/** Resolves when the run is in `phase`; throws at once when it has finished without being seen there. */
export function inPhase(url: string, runId: string, phase: Phase): Promise<DurableStatus> {
  return until(`${runId} to be ${phase}`, PHASE_MS, async () => {
    const status = await lookAt(url, runId);
    const progress = status?.customStatus as Partial<RunProgress> | null | undefined;
    if (progress?.phase === phase) return status;
    if (status && hasFinished(status)) {
      throw new Error(`${runId} ended as ${status.runtimeStatus} and was not seen ${phase}.`);
    }
    return undefined;
  });
}

/** The output of a finished run. Throws with what the orchestration said when it has none. */
export function outputOf(status: DurableStatus): RunOutput {
  const output = runOutput(status);
  if (output) return output;
  throw new Error(
    `${status.instanceId} ended as ${status.runtimeStatus} without an outcome: ${JSON.stringify(status.output)}`,
  );
}

async function lookAt(url: string, instanceId: string): Promise<DurableStatus | undefined> {
  try {
    return await findStatus(url, instanceId);
  } catch (error) {
    // fetch reports a connection that was refused or cut as TypeError.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
