import type { DurableClient } from 'durable-functions';
import { findInstance, isLive } from '../instances.ts';
import type { ListedRun } from '../records/runs.ts';
import type { RunSummary } from './schemas/runs.ts';

/** A run in the words of the API. */
export function runSummary(run: ListedRun): RunSummary {
  return {
    run_id: run.runId,
    trigger: run.trigger,
    status: run.status,
    cleanup_status: run.cleanupStatus,
    phase: run.phase,
    started_at: run.startedAt,
    scheduled_end_at: run.endsAt ?? null,
    completed_at: run.completedAt ?? null,
    scenarios: [...run.scenarios],
    seed: run.seed ?? null,
    resources_created: run.resourcesCreated ?? null,
    leaked_resources: run.leakedResources ?? null,
    clean_seconds: run.cleanSeconds ?? null,
    estimated_cost_usd: run.estimatedCostUsd ?? null,
    report_url: reportUrl(run),
    error: run.error ?? null,
  };
}

/** Where the report is, once there is one. */
export function reportUrl({ runId, reportPath }: Pick<ListedRun, 'runId' | 'reportPath'>): string | null {
  return reportPath ? `/api/v1/runs/${runId}/report?format=html` : null;
}

/** True while the engine has the run at work: a row that says so may have been left behind by a crash. */
export async function isRunLive(runId: string, client: DurableClient): Promise<boolean> {
  const instance = await findInstance(client, runId);
  return instance !== undefined && isLive(instance);
}
