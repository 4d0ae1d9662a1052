import { cleanupWords, countWords } from './frame.ts';
import type { RunView } from './view.ts';

/** What changed from one look to the next, one line each: phases, counters, states of agents, rounds of clean-up. */
export function changesBetween(before: RunView, after: RunView): string[] {
  const lines: string[] = [];
  if (after.phase && after.phase !== before.phase) lines.push(after.phase);
  const states = new Map(before.agents.map(({ agentId, state }) => [agentId, state]));
  for (const { agentId, state, last } of after.agents) {
    if (states.get(agentId) !== state) lines.push(`${agentId} ${state}${last ? `: ${last}` : ''}`);
  }
  if (after.counts.total > 0 && countWords(after) !== countWords(before)) lines.push(countWords(after));
  if (after.cleanup && JSON.stringify(after.cleanup) !== JSON.stringify(before.cleanup)) {
    lines.push(`clean-up ${cleanupWords(after.cleanup)}`);
  }
  return lines;
}
