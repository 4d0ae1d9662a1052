import { z } from 'zod';
import type { AgentLine } from '../ui/view.ts';
import { CommandError } from './command.ts';

const REQUEST_MS = 5_000;

const ScriptedAgent = z.object({
  runId: z.string(),
  agentId: z.string(),
  state: z.enum(['running', 'completed', 'failed']),
  /** What it does or did last, in its own words. */
  last: z.string(),
  made: z.array(z.string()),
  removed: z.array(z.string()),
  exitCode: z.number().nullable(),
});
type ScriptedAgent = z.infer<typeof ScriptedAgent>;

/** The scripted agents of a run as the stand-in sees them, in the order of their start. */
export async function agentsAt(controlUrl: string, runId: string): Promise<AgentLine[]> {
  const agents = z.array(ScriptedAgent).parse(await get(`${controlUrl}/control/agents`));
  return agents
    .filter((agent) => agent.runId === runId)
    .map((agent) => ({ agentId: agent.agentId, state: agent.state, last: lastOf(agent) }));
}

/** "made 4, removed 1, exit code 0: finished" */
function lastOf({ last, exitCode, made, removed }: ScriptedAgent): string {
  const ended = exitCode === null ? '' : `, exit code ${exitCode}`;
  return `made ${made.length}, removed ${removed.length}${ended}: ${last}`;
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
