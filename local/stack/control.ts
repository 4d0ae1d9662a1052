import { z } from 'zod';
import type { AgentState } from '../../src/domain/agent.ts';
import { runPrefix } from '../../src/domain/naming.ts';
import type { AgentLine } from '../ui/view.ts';
import { CommandError } from './command.ts';

const REQUEST_MS = 5_000;

const ScriptedAgent = z.object({
  agentId: z.string(),
  /** What it is at, in its own words. */
  state: z.string(),
  made: z.array(z.string()),
  removed: z.array(z.string()),
  running: z.boolean(),
  exitCode: z.number().nullable(),
});
type ScriptedAgent = z.infer<typeof ScriptedAgent>;

/** The scripted agents of a run as the stand-in sees them, in the order of their start. */
export async function agentsAt(controlUrl: string, runId: string): Promise<AgentLine[]> {
  const agents = z.array(ScriptedAgent).parse(await get(`${controlUrl}/control/agents`));
  return agents
    .filter(({ agentId }) => agentId.startsWith(runPrefix(runId)))
    .map((agent) => ({ agentId: agent.agentId, state: stateOf(agent), last: lastOf(agent) }));
}

function stateOf({ running, exitCode }: ScriptedAgent): AgentState {
  if (running) return 'running';
  return exitCode === 0 ? 'completed' : 'failed';
}

/** "working; made 4, removed 1, last storageAccounts/st1" */
function lastOf({ running, state, exitCode, made, removed }: ScriptedAgent): string {
  const doing = running ? state : `exit code ${exitCode}`;
  const newest = (removed.at(-1) ?? made.at(-1))?.split('/').slice(-2).join('/');
  return `${doing}; made ${made.length}, removed ${removed.length}${newest ? `, last ${newest}` : ''}`;
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
