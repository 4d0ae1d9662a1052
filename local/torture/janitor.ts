import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../stack/stack.ts';
import { ended } from './durableRun.ts';
import type { Left } from './judge.ts';
import type { StandInControl } from './standInControl.ts';

const JANITOR = 'haymaker_janitor';
const LIMIT_MS = 180_000;
const PAUSE_MS = 1_500;
const CLEANUP_MS = 90_000;

/**
 * After the fault is lifted: lets the janitor come again and again, as it does every hour, until the cloud has nothing of
 * ours any more. Returns what is left after three minutes.
 */
export async function letJanitorFinish(
  stack: Stack,
  control: StandInControl,
  runId: string,
): Promise<Left[]> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const left = await control.leftovers();
    if (left.length === 0 || Date.now() > deadline) return left;
    if (stack.functions.includes(JANITOR)) await post(`${stack.url}/admin/functions/${JANITOR}`, {});
    else await cleanAgain(stack.url, runId);
    await sleep(PAUSE_MS);
  }
}

/** Starts the run's clean-up once more. */
async function cleanAgain(hostUrl: string, runId: string): Promise<void> {
  const instanceId = `cleanup-${runId}`;
  const policy = { rounds: 4, cleanPasses: 2, passIntervalSeconds: 1 };
  await post(`${hostUrl}/runtime/webhooks/durabletask/orchestrators/remove_leftovers/${instanceId}`, {
    runId,
    policy,
  });
  await ended(hostUrl, instanceId, CLEANUP_MS);
}

async function post(url: string, body: object): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CLEANUP_MS),
  });
}
