import pLimit from 'p-limit';
import { stem } from '../../src/domain/naming.ts';
import { sumOf } from '../../src/domain/scenarioSums.ts';
import { input, openBooks } from './records.ts';

/**
 * Runs that have ended, with agents, resources and logs: the ones from `from` to before `to`, as far apart as the schedule has
 * them.
 */
export interface PlantHistory {
  readonly from: number;
  readonly to: number;
  readonly agentsPerRun: number;
  readonly eventsPerAgent: number;
}

const CONCURRENT_RUNS = 8;
const RESOURCES_PER_AGENT = 8;
const INTERVAL_MS = 6 * 3_600_000;

const { from, to, agentsPerRun, eventsPerAgent } = input<PlantHistory>();
const { records } = openBooks();
const now = Date.now();
const limit = pLimit(CONCURRENT_RUNS);
await Promise.all(Array.from({ length: to - from }, (_, index) => limit(() => plantRun(from + index))));
console.log('null');

async function plantRun(number: number): Promise<void> {
  const runId = `bench-${String(number).padStart(6, '0')}`;
  const at = new Date(now - (number + 1) * INTERVAL_MS).toISOString();
  const scenarios = Array.from(
    { length: agentsPerRun },
    (_, n) => `compute-${String(n + 1).padStart(2, '0')}`,
  );
  await records.runs.save(runId, {
    status: 'completed',
    trigger: 'timer',
    phase: 'ended',
    startedAt: at,
    completedAt: at,
    scenarios,
    cleanupStatus: 'not_needed',
    resourcesCreated: agentsPerRun * RESOURCES_PER_AGENT,
    byScenario: sumOf(
      scenarios.map((scenarioId) => ({ scenarioId, state: 'completed', startedAt: at, endedAt: at })),
    ),
  } as Parameters<typeof records.runs.save>[1]);
  const agents = scenarios.map((scenarioId) => ({ agentId: stem(runId, scenarioId), scenarioId }));
  for (const { agentId, scenarioId } of agents) {
    await records.agents.save(runId, agentId, {
      scenarioId,
      title: scenarioId,
      area: 'compute',
      state: 'completed',
      startedAt: at,
      endedAt: at,
    });
  }
  await records.ledger.noteAll(
    agents.flatMap(({ agentId }) =>
      Array.from({ length: RESOURCES_PER_AGENT }, (_, n) => ({
        runId,
        kind: 'resource' as const,
        id: `/subscriptions/s/resourceGroups/${agentId}/providers/Microsoft.Storage/storageAccounts/st${n}`,
        change: { agentId, source: 'agent' as const, state: 'deleted' as const, at },
      })),
    ),
  );
  for (const { agentId, scenarioId } of agents) {
    await records.events.append(
      runId,
      agentId,
      Array.from({ length: eventsPerAgent }, (_, n) => ({
        event_type: 'operation' as const,
        event_id: `${agentId}-${n}`,
        timestamp: at,
        run_id: runId,
        agent_id: agentId,
        scenario: scenarioId,
        severity: 'info' as const,
        message: `step ${n}: az storage blob upload --container-name daily --name report-${n}.csv`,
      })),
    );
  }
}
