import { z } from 'zod';
import type { AgentLine } from '../ui/view.ts';
import { CommandError } from './command.ts';

const REQUEST_MS = 5_000;

const Agents = z.array(
  z.object({
    runId: z.string(),
    agentId: z.string(),
    state: z.enum(['provisioning', 'running', 'completed', 'failed', 'lost', 'removed']),
    last: z.string().default(''),
  }),
);

/** The scripted agents of a run as the stand-in sees them, by name. */
export async function agentsAt(controlUrl: string, runId: string): Promise<AgentLine[]> {
  const agents = Agents.parse(await get(`${controlUrl}/control/agents`));
  return agents.filter((agent) => agent.runId === runId).sort((a, b) => a.agentId.localeCompare(b.agentId));
}

/** The stand-in's own list of what still exists of runs: the second opinion on a run's "verified". */
export async function leftoversAt(controlUrl: string): Promise<unknown[]> {
  return z.array(z.unknown()).parse(await get(`${controlUrl}/control/leftovers`));
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
  if (!response.ok) throw new CommandError(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
