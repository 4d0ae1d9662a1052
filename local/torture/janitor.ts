import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Stack } from '../stack/stack.ts';
import type { Left } from './judge.ts';
import type { StandInControl } from './standInControl.ts';

const JANITOR = 'haymaker_janitor';
const LIMIT_MS = 240_000;
const PAUSE_MS = 1_500;
const REQUEST_MS = 60_000;

const Instances = z.array(z.object({ instanceId: z.string() }));

/**
 * After the fault is lifted: lets the janitor come again and again, as it does every hour, until the cloud has nothing of
 * ours any more and nobody is at work who could still make something (what a terminated run had begun goes on). Returns
 * what is left after four minutes.
 */
export async function letJanitorFinish(stack: Stack, control: StandInControl): Promise<Left[]> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const busy = await liveInstances(stack.url);
    const left = await control.leftovers();
    if ((left.length === 0 && busy.length === 0) || Date.now() > deadline) return left;
    if (left.length > 0) await fireJanitor(stack.url);
    await sleep(PAUSE_MS);
  }
}

async function liveInstances(hostUrl: string): Promise<string[]> {
  const url = `${hostUrl}/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending&top=500`;
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
  return Instances.parse(await response.json()).map(({ instanceId }) => instanceId);
}

async function fireJanitor(hostUrl: string): Promise<void> {
  await fetch(`${hostUrl}/admin/functions/${JANITOR}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(REQUEST_MS),
  });
}
