import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { type Camera, openCamera } from './screenshots/camera.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { DEMO_SEED, demoRunId, demoSettings, HARDLY_EVER } from './stack/demo.ts';
import { followRun, startRun } from './stack/durable.ts';
import { REPOSITORY } from './stack/paths.ts';
import { downloadReport } from './stack/report.ts';
import type { Stack } from './stack/stack.ts';
import { withStack } from './stack/withStack.ts';
import { WORLD } from './world.ts';

/** Long enough to take every live view while the agents are at work. */
const DURATION = 'PT2M';
const RUN_LIMIT_MS = 12 * 60_000;
const APPEAR_MS = 120_000;
const FOLDER = path.join(REPOSITORY, '.haymaker', 'screenshots');

const Agents = z.object({ agents: z.array(z.object({ agent_id: z.string(), state: z.string() })) });

/** `npm run screenshots`: every view of the page, light and dark, wide and narrow, before, during and after a run. */
await runCommand(async () => {
  await bundleApp(REPOSITORY);
  rmSync(FOLDER, { recursive: true, force: true });
  const settings = {
    ...demoSettings(DURATION),
    HAYMAKER_SCHEDULE: '0 0 0,6,12,18 * * *',
    JANITOR_SCHEDULE: HARDLY_EVER,
  };
  const camera = await openCamera(FOLDER);
  try {
    await withStack({ settings, seed: DEMO_SEED }, (stack) => takeAll(stack, camera));
  } finally {
    await camera.close();
  }
  for (const complaint of camera.complaints) console.error(complaint);
  console.log(`${camera.taken()} pictures in ${FOLDER}.`);
  return camera.complaints.length === 0 ? 0 : 1;
});

async function takeAll(stack: Stack, camera: Camera): Promise<void> {
  const at = (route: string) => `${stack.url}/dashboard#/${route}`;
  const step = async (name: string, url: string, prepare?: (page: Page) => Promise<void>) => {
    await camera.take(name, url, prepare);
    console.log(name);
  };
  await step('empty-now', at('now'));
  await step('empty-runs', at('runs'));
  await step('sign-in', at('now'), refused);
  await writeHistory(stack);

  const runId = demoRunId(new Date());
  await startRun(stack.url, runId, { trigger: 'manual', seed: DEMO_SEED });
  const agentId = await anAgentAtWork(stack.url);
  await step('live-now', at('now'), (page) => page.waitForSelector('[data-testid=lane]').then(() => {}));
  await step('live-agent', at(`agents/${agentId}`));
  await step('live-run', at(`runs/${runId}`));
  await step('live-stop', at('now'), (page) => page.click('[data-testid=stop]'));
  await step('lost', at('now'), unreachable);
  await step('scenarios', at('scenarios'), choose);
  await step('scenario', at('scenarios/compute-01'));
  await step('health', at('health'));

  const status = await followRun(stack.url, runId, RUN_LIMIT_MS, () => {});
  await step('now', at('now'));
  await step('runs', at('runs'), (page) => page.waitForSelector('.uplot').then(() => {}));
  await step('run', at(`runs/${runId}`), (page) =>
    page.waitForSelector('[data-testid=proof]').then(() => {}),
  );
  await step('agent', at(`agents/${agentId}`), (page) => page.click('[data-testid=log] [role=option]'));
  const { reportPath } = z.object({ reportPath: z.string() }).parse(status.output);
  const file = await downloadReport(stack.environment, reportPath, path.join(FOLDER, 'report'));
  await step('report', pathToFileURL(file).href);
}

/** A server that wants a key: the local one does not ask for any. */
async function refused(page: Page): Promise<void> {
  await page.route('**/api/v1/**', (route) => route.fulfill({ status: 401, body: '' }));
  await page.reload();
  await page.waitForSelector('[data-testid=credential]');
}

/** A server that has gone. */
async function unreachable(page: Page): Promise<void> {
  await page.waitForSelector('[data-testid=lane]');
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.waitForSelector('[data-testid=lost]', { timeout: APPEAR_MS });
}

async function choose(page: Page): Promise<void> {
  for (const id of ['compute-01', 'networking-01']) await page.check(`[data-scenario=${id}] input`);
}

async function writeHistory(stack: Stack): Promise<void> {
  const script = path.join(REPOSITORY, 'local', 'screenshots', 'writeHistory.ts');
  await promisify(execFile)(process.execPath, [script, WORLD.storageAccount], {
    env: { ...stack.environment },
    timeout: APPEAR_MS,
  });
}

async function anAgentAtWork(url: string): Promise<string> {
  const deadline = Date.now() + APPEAR_MS;
  while (Date.now() < deadline) {
    const { agents } = Agents.parse(await (await fetch(`${url}/api/v1/agents?status=running`)).json());
    const working = agents.find(({ state }) => state === 'running');
    if (working) return working.agent_id;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('No agent began to work.');
}
