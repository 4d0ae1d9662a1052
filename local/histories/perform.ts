import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError } from '../stack/command.ts';
import { HARDLY_EVER } from '../stack/demo.ts';
import { findStatus, followRun, hasFinished, startRun, statusUrl } from '../stack/durable.ts';
import type { Stack } from '../stack/stack.ts';

/** Runs of seconds; nothing else differs from production. */
export const STORY_SETTINGS = {
  RUN_DURATION: 'PT45S',
  CHECK_INTERVAL: 'PT4S',
  CLEANUP_GRACE: 'PT6S',
  CLEAN_PASS_INTERVAL: 'PT2S',
  JANITOR_PATIENCE: 'PT1S',
  HAYMAKER_SCHEDULE: HARDLY_EVER,
  JANITOR_SCHEDULE: HARDLY_EVER,
};

const LIMIT_MS = 10 * 60_000;
const LOOK_MS = 200;
const JANITOR_MS = 3_000;
const TWO = ['compute-01', 'networking-01'];

/** Performs the runs whose histories are kept, one after the other. Throws CommandError when one does not come to its end. */
export async function performStories(stack: Stack, say: (line: string) => void): Promise<void> {
  const { url } = stack;
  const told = async (title: string, story: () => Promise<unknown>) => {
    say(`${title} …`);
    await story();
  };
  const whole = async (id: string, body: object) => {
    await startRun(url, id, body);
    await ended(url, id);
  };
  await told('a whole run: agents that end well, fail, hang and leave things lying about', () =>
    whole('story-whole', { seed: 'histories', size: 'small' }),
  );
  await told('one agent', () => whole('story-one', { scenarios: ['security-01'] }));
  await told('a lane of a large run', async () => {
    const { scope, agent } = await inputOf(url, 'story-one-security-01');
    await post(`${url}/runtime/webhooks/durabletask/orchestrators/provision_lane/story-lane`, {
      scope,
      agents: [agent],
    });
    await ended(url, 'story-lane');
  });
  await told('a request that is not valid', () => whole('story-invalid', { size: 'enormous' }));
  await told('a scenario that does not exist', () => whole('story-nothing', { scenarios: ['compute-99'] }));
  await told('an agent that cannot be provisioned', async () => {
    await withFault(
      stack,
      { match: 'PUT .*/roleAssignments/', kind: 'status', status: 403, code: 'AuthorizationFailed' },
      () => whole('story-undone', { scenarios: TWO }),
    );
  });
  await told('a run that is stopped', async () => {
    await startRun(url, 'story-stopped', { scenarios: TWO });
    await inPhase(url, 'story-stopped', 'monitoring');
    await post(`${url}/runtime/webhooks/durabletask/instances/story-stopped/raiseEvent/stop`, {
      reason: 'enough',
    });
    await ended(url, 'story-stopped');
  });
  await told('a run that is terminated, and closed by the janitor', async () => {
    await startRun(url, 'story-dead', { scenarios: TWO });
    await inPhase(url, 'story-dead', 'monitoring');
    await post(`${url}/runtime/webhooks/durabletask/instances/story-dead/terminate?reason=a+story`);
    while (!(await findStatus(url, 'close-story-dead'))) {
      await post(`${url}/admin/functions/haymaker_janitor`, {});
      await pause(JANITOR_MS);
    }
    await ended(url, 'close-story-dead');
  });
  await told('the base orchestrator, with its event and without', async () => {
    const start = `${url}/api/orchestrators/base_orchestrator`;
    const heard = await post(start, { message: 'hello', wait_event_name: 'approved', timeout: 'P7D' });
    await post(`${url}/api/orchestrators/${heard}/raise/approved`, { by: 'ops' });
    await ended(url, heard);
    await ended(url, await post(start, { message: 'hello', timeout: 'PT1S' }));
  });
}

async function ended(url: string, id: string): Promise<void> {
  await followRun(url, id, LIMIT_MS, () => undefined);
}

/** What an agent's provisioning was started with. */
async function inputOf(url: string, id: string): Promise<{ scope: object; agent: object }> {
  const response = await fetch(`${statusUrl(url, id)}?showInput=true`);
  const { input } = z
    .object({ input: z.object({ scope: z.looseObject({}), agent: z.looseObject({}) }) })
    .parse(await response.json());
  return input;
}

async function inPhase(url: string, id: string, phase: string): Promise<void> {
  for (;;) {
    const status = await findStatus(url, id);
    if (JSON.stringify(status?.customStatus ?? null).includes(`"phase":"${phase}"`)) return;
    if (status && hasFinished(status)) throw new CommandError(`${id} ended before it was ${phase}.`);
    await pause(LOOK_MS);
  }
}

/** Returns the id in the answer, if there is one. */
async function post(url: string, body?: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (response.status !== 202) throw new CommandError(`${url} answered ${response.status}: ${text}`);
  return /"id":"([^"]+)"/.exec(text)?.[1] ?? '';
}

async function withFault(stack: Stack, fault: object, body: () => Promise<void>): Promise<void> {
  const url = `${stack.standIn.controlUrl}/control/faults`;
  const made = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (!made.ok) throw new CommandError(`${url} answered ${made.status}: ${await made.text()}`);
  try {
    await body();
  } finally {
    await fetch(url, { method: 'DELETE' });
  }
}
