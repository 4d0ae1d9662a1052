import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const RUN_ID = 'fuzzed-run';
const LIMIT_MS = 180_000;

const Ended = z.object({ runtimeStatus: z.string() });
const Lists = {
  runs: z.object({ next_cursor: z.string().nullable() }),
  agents: z.object({
    agents: z.array(z.object({ agent_id: z.string() })),
    next_cursor: z.string().nullable(),
  }),
  resources: z.object({ next_cursor: z.string().nullable() }),
  cleanup: z.object({ cleanup_id: z.string() }),
  logs: z.object({ next_cursor: z.string() }),
};

/** Performs a short run, so that there is something to ask about; returns ids and cursors of it. */
export async function knownValues(url: string): Promise<string[]> {
  const webhook = `${url}/runtime/webhooks/durabletask`;
  await post(`${webhook}/orchestrators/orchestrate_haymaker_run/${RUN_ID}`, {
    scenarios: ['compute-01', 'networking-01'],
    duration: 'PT5S',
  });
  await ended(`${webhook}/instances/${RUN_ID}`);
  const api = `${url}/api/v1`;
  const { agents, next_cursor } = Lists.agents.parse(await get(`${api}/agents?limit=1`));
  const agentId = agents[0]?.agent_id ?? '';
  const log = Lists.logs.parse(await get(`${api}/agents/${agentId}/logs`));
  const resources = Lists.resources.parse(await get(`${api}/resources?limit=3`));
  const cleanup = Lists.cleanup.parse(await post(`${api}/cleanup`, { execution_id: RUN_ID, dry_run: true }));
  const cursors = [next_cursor, log.next_cursor, resources.next_cursor].filter((cursor) => cursor !== null);
  const names = ['compute-01', 'base_orchestrator', 'orchestrate_haymaker_run', 'stop', 'no-such-thing'];
  return [RUN_ID, agentId, cleanup.cleanup_id, ...cursors, ...names];
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function ended(url: string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const { runtimeStatus } = Ended.parse(await get(url));
    if (['Completed', 'Failed', 'Terminated'].includes(runtimeStatus)) return;
    if (Date.now() > deadline) throw new Error(`the run did not end within ${LIMIT_MS / 1_000} s`);
    await pause(500);
  }
}
