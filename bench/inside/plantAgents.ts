import { input, openBooks } from './records.ts';

/** A run with its agents, so that their logs can be asked for. */
export interface PlantAgents {
  readonly runId: string;
  readonly agents: readonly string[];
}

const { runId, agents } = input<PlantAgents>();
const { records } = openBooks();
const startedAt = new Date().toISOString();
await records.runs.save(runId, {
  status: 'running',
  cleanupStatus: 'pending',
  trigger: 'manual',
  phase: 'monitoring',
  startedAt,
  scenarios: agents.map((id) => id.slice(12)),
});
for (const agentId of agents) {
  const scenarioId = agentId.slice(12);
  await records.agents.save(runId, agentId, {
    runId,
    agentId,
    scenarioId,
    title: scenarioId,
    area: 'compute',
    state: 'running',
    startedAt,
  });
}
console.log('null');
