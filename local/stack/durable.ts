import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError } from './command.ts';

const POLL_MS = 500;
const REQUEST_MS = 10_000;
const ORCHESTRATOR = 'orchestrate_haymaker_run';
const WEBHOOKS = 'runtime/webhooks/durabletask';

const DurableStatus = z.object({
  instanceId: z.string(),
  runtimeStatus: z.string(),
  customStatus: z.unknown(),
  output: z.unknown(),
});
export type DurableStatus = z.infer<typeof DurableStatus>;

/** True when the orchestration will not change any more. */
export function hasFinished(status: DurableStatus): boolean {
  return !['Pending', 'Running', 'Suspended', 'ContinuedAsNew'].includes(status.runtimeStatus);
}

/** Where the durable webhook shows the instance. */
export function statusUrl(hostUrl: string, instanceId: string): string {
  return `${hostUrl}/${WEBHOOKS}/instances/${instanceId}`;
}

export function startUrl(hostUrl: string, instanceId: string): string {
  return `${hostUrl}/${WEBHOOKS}/orchestrators/${ORCHESTRATOR}/${instanceId}`;
}

/** Starts a run on the durable webhook. Throws CommandError with what the host said when it refuses. */
export async function startRun(hostUrl: string, instanceId: string, body: object): Promise<void> {
  const response = await fetch(startUrl(hostUrl, instanceId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  if (response.status !== 202) {
    throw new CommandError(
      `The run was not started: ${response.status} ${await response.text()} from ${response.url}.`,
    );
  }
}

/** The durable status of an instance; undefined when there is none (yet). Throws CommandError for any other answer. */
export async function findStatus(hostUrl: string, instanceId: string): Promise<DurableStatus | undefined> {
  const response = await fetch(`${statusUrl(hostUrl, instanceId)}?showInput=false`, {
    signal: AbortSignal.timeout(REQUEST_MS),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new CommandError(`${response.url} answered ${response.status}.`);
  return DurableStatus.parse(await response.json());
}

/**
 * Polls the run until it has finished and returns its last status; `onStatus` sees every one. Throws CommandError when
 * it has not finished `limitMs` later.
 */
export async function followRun(
  hostUrl: string,
  instanceId: string,
  limitMs: number,
  onStatus: (status: DurableStatus) => Promise<void> | void,
): Promise<DurableStatus> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const status = await findStatus(hostUrl, instanceId);
    if (status) {
      await onStatus(status);
      if (hasFinished(status)) return status;
    }
    if (Date.now() > deadline) {
      throw new CommandError(
        `The run ${instanceId} has not finished after ${Math.round(limitMs / 60_000)} minutes: ${JSON.stringify(status?.customStatus ?? null)}. See the log of the host.`,
      );
    }
    await sleep(POLL_MS);
  }
}
