import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import pLimit from 'p-limit';
import { addUp, type ScenarioSum, type ScenarioSums, sumOf } from '../domain/scenarioSums.ts';
import type { ListedRun } from '../records/runs.ts';
import type { ApiCall } from './endpoint.ts';
import { parseQuery } from './parameters.ts';
import { scenarioId } from './scenarioNames.ts';
import { type MetricsAnswer, MetricsQuery } from './schemas/metrics.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Runs that are at work, and what they have made so far. */
const CONCURRENT_READS = 8;

/** GET api/v1/metrics: how the runs of the last days went, from the books. */
export async function metrics(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { period, scenario } = parseQuery(MetricsQuery, request);
  const from = new Date(Date.now() - Number.parseInt(period, 10) * DAY_MS).toISOString();
  const id = await scenarioId(scenario, services);
  const records = await services.records();
  const allRuns = await records.runs.outcomes({ from });
  const runs = id === undefined ? allRuns : allRuns.filter(({ scenarios }) => scenarios.includes(id));
  const limit = pLimit(CONCURRENT_READS);
  const [open, resources] = await Promise.all([
    Promise.all(
      runs
        .filter(({ byScenario }) => byScenario === undefined)
        .map(({ runId }) => limit(() => records.agents.outcomes(runId))),
    ),
    Promise.all(
      runs
        .filter(({ resourcesCreated }) => resourcesCreated === undefined)
        .map(({ runId }) => limit(() => records.resources.count(runId))),
    ),
  ]);
  const sums = addUp([...runs.map(({ byScenario = {} }) => byScenario), ...open.map(sumOf)]);
  return { jsonBody: summarize({ period, runs, sums: only(sums, id), liveResources: total(resources) }) };
}

function only(sums: ScenarioSums, id: string | undefined): ScenarioSums {
  if (id === undefined) return sums;
  const one = sums[id];
  return one ? { [id]: one } : {};
}

/**
 * Pure: the numbers. A run is a success when its own status is not "failed" and its clean-up is verified; runs that are
 * still at work count as executions and not in the rates. A scenario's run is a success when its agent completed.
 */
export function summarize({
  period,
  runs,
  sums,
  liveResources,
}: {
  period: string;
  runs: readonly ListedRun[];
  sums: ScenarioSums;
  liveResources: number;
}): MetricsAnswer {
  const ended = runs.filter(({ status }) => status !== 'running');
  const clean = ended.filter(({ cleanupStatus }) => cleanupStatus === 'verified');
  const succeeded = clean.filter(({ status }) => status !== 'failed');
  // A run that failed its validation has made nothing: there was nothing to clean up.
  const cleanedUp = ended.filter(({ cleanupStatus }) => cleanupStatus !== 'not_needed');
  const scenarios = Object.entries(sums).sort(([a], [b]) => a.localeCompare(b));
  return {
    total_executions: runs.length,
    active_agents: total(scenarios.map(([, { agents, completed, failed }]) => agents - completed - failed)),
    total_resources: liveResources + total(runs.map(({ resourcesCreated = 0 }) => resourcesCreated)),
    success_rate: rate(succeeded.length, ended.length) ?? 0,
    last_execution: runs[0]?.startedAt ?? null,
    period,
    scenarios: scenarios.map(([id, sum]) => ofScenario(id, sum)),
    cleanup_success_rate: rate(clean.length, cleanedUp.length),
    leaked_resources: total(runs.map(({ leakedResources = 0 }) => leakedResources)),
    avg_run_hours: averageHours(ended),
  };
}

function ofScenario(id: string, sum: ScenarioSum): MetricsAnswer['scenarios'][number] {
  return {
    scenario_name: id,
    run_count: sum.agents,
    success_count: sum.completed,
    fail_count: sum.failed,
    avg_duration_hours: sum.timed === 0 ? null : round(sum.hours / sum.timed),
  };
}

/** Of those runs that have both ends; null when none has. */
function averageHours(runs: readonly ListedRun[]): number | null {
  const hours = runs
    .map(({ startedAt, completedAt }) => (Date.parse(completedAt ?? '') - Date.parse(startedAt)) / HOUR_MS)
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
