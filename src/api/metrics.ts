import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ListedAgent } from '../records/agents.ts';
import type { ListedRun } from '../records/runs.ts';
import type { ApiCall } from './endpoint.ts';
import { parseQuery } from './parameters.ts';
import { scenarioId } from './scenarioNames.ts';
import { type MetricsAnswer, MetricsQuery } from './schemas/metrics.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** GET api/v1/metrics: how the runs of the last days went, from the books. */
export async function metrics(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { period, scenario } = parseQuery(MetricsQuery, request);
  const from = new Date(Date.now() - Number.parseInt(period, 10) * DAY_MS).toISOString();
  const id = await scenarioId(scenario, services);
  const records = await services.records();
  const [allRuns, agents] = await Promise.all([
    records.runs.outcomes({ from }),
    records.agents.outcomes({ from, where: { scenarioId: id } }),
  ]);
  const runs = id === undefined ? allRuns : allRuns.filter(({ scenarios }) => scenarios.includes(id));
  const unfinished = await Promise.all(
    runs
      .filter(({ resourcesCreated }) => resourcesCreated === undefined)
      .map(({ runId }) => records.resources.count(runId)),
  );
  return { jsonBody: summarize({ period, runs, agents, liveResources: total(unfinished) }) };
}

/**
 * Pure: the numbers. A run is a success when its own status is not "failed" and its clean-up is verified; runs that are
 * still at work count as executions and not in the rates. A scenario's run is a success when its agent completed.
 */
export function summarize({
  period,
  runs,
  agents,
  liveResources,
}: {
  period: string;
  runs: readonly ListedRun[];
  agents: readonly ListedAgent[];
  liveResources: number;
}): MetricsAnswer {
  const ended = runs.filter(({ status }) => status !== 'running');
  const clean = ended.filter(({ cleanupStatus }) => cleanupStatus === 'verified');
  const succeeded = clean.filter(({ status }) => status !== 'failed');
  // A run that failed its validation has made nothing: there was nothing to clean up.
  const cleanedUp = ended.filter(({ cleanupStatus }) => cleanupStatus !== 'not_needed');
  const ids = [...new Set(agents.map(({ scenarioId }) => scenarioId))].sort();
  return {
    total_executions: runs.length,
    active_agents: agents.filter(({ status }) => status === 'running').length,
    total_resources: liveResources + total(runs.map(({ resourcesCreated = 0 }) => resourcesCreated)),
    success_rate: rate(succeeded.length, ended.length) ?? 0,
    last_execution: runs[0]?.startedAt ?? null,
    period,
    scenarios: ids.map((id) => ofScenario(id, agents)),
    cleanup_success_rate: rate(clean.length, cleanedUp.length),
    leaked_resources: total(runs.map(({ leakedResources = 0 }) => leakedResources)),
    avg_run_hours: averageHours(ended.map((run) => [run.startedAt, run.completedAt])),
  };
}

function ofScenario(id: string, all: readonly ListedAgent[]): MetricsAnswer['scenarios'][number] {
  const agents = all.filter(({ scenarioId }) => scenarioId === id);
  const of = (status: ListedAgent['status']) => agents.filter((agent) => agent.status === status);
  return {
    scenario_name: id,
    run_count: agents.length,
    success_count: of('completed').length,
    fail_count: of('failed').length,
    avg_duration_hours: averageHours(agents.map(({ startedAt, endedAt }) => [startedAt, endedAt])),
  };
}

/** Of those intervals that have both ends; null when none has. */
function averageHours(
  intervals: readonly (readonly [string | undefined, string | undefined])[],
): number | null {
  const hours = intervals
    .map(([from, to]) => (Date.parse(to ?? '') - Date.parse(from ?? '')) / HOUR_MS)
    .filter((length) => Number.isFinite(length) && length >= 0);
  return hours.length === 0 ? null : round(total(hours) / hours.length);
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : round(part / whole);
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
