import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';
import { z } from 'zod';
import { findInstance, isLive } from '../instances.ts';
import type { CleanupRecord, CleanupTarget } from '../records/cleanups.ts';
import { cleanupInstanceId } from '../run/removeLeftovers.ts';
import { leftoverInfo } from './leftovers.ts';
import type { CleanupAnswer, LeftoverInfo } from './schemas/cleanup.ts';

/** How the clean-up of one run is doing. */
export interface RunProgress {
  readonly runId: string;
  readonly status: CleanupAnswer['status'];
  readonly verdict: string | null;
  readonly found: number;
  readonly deleted: number;
  readonly errors: readonly string[];
  readonly resources: readonly LeftoverInfo[];
}

const Thing = z.object({ kind: z.string(), id: z.string(), reason: z.string().optional() });

/** What remove_leftovers ends with. */
const Result = z.object({
  status: z.string(),
  removed: z.number(),
  remaining: z.number(),
  blindSources: z.array(z.string()).default([]),
  quarantined: z.array(Thing).default([]),
  planned: z.array(Thing).optional(),
});

/** What it shows while it is at work. */
const Live = z.object({ cleanup: z.object({ remaining: z.number(), verdict: z.string().optional() }) });

/** Asks the engine about one run's clean-up. */
export async function progressOf(
  target: CleanupTarget,
  { createdAt }: CleanupRecord,
  client: DurableClient,
): Promise<RunProgress> {
  const whole = current(await findInstance(client, target.instanceId), createdAt);
  // Closing a run is more than cleaning up behind it: the clean-up itself is an instance of its own.
  const inner =
    target.how === 'close'
      ? current(await findInstance(client, cleanupInstanceId(target.runId)), createdAt)
      : whole;
  return describe(target, whole, inner);
}

/** The whole answer of a clean-up from the progress of its runs. */
export function cleanupAnswer(record: CleanupRecord, runs: readonly RunProgress[]): CleanupAnswer {
  const sum = (of: (run: RunProgress) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    cleanup_id: record.cleanupId,
    status: overall(runs.map(({ status }) => status)),
    dry_run: record.dryRun,
    resources_found: sum(({ found }) => found),
    resources_deleted: sum(({ deleted }) => deleted),
    errors: runs.flatMap(({ errors }) => errors),
    status_url: `/api/v1/cleanup/${record.cleanupId}`,
    created_at: record.createdAt,
    runs: runs.map(({ runId, status, verdict }) => ({ execution_id: runId, status, verdict })),
    resources: runs.flatMap(({ resources }) => resources),
  };
}

function overall(states: readonly CleanupAnswer['status'][]): CleanupAnswer['status'] {
  if (states.includes('running')) return 'running';
  if (states.includes('queued')) return states.every((state) => state === 'queued') ? 'queued' : 'running';
  return states.includes('failed') ? 'failed' : 'completed';
}

/**
 * Ids are used again: what had ended before the clean-up was asked for is not this clean-up. The engine's times have no
 * fraction of a second, and a dry run may end in the second in which it was asked for.
 */
export function current(
  instance: DurableOrchestrationStatus | undefined,
  createdAt: string,
): DurableOrchestrationStatus | undefined {
  if (!instance || isLive(instance)) return instance;
  const asked = Math.floor(Date.parse(createdAt) / 1_000) * 1_000;
  return new Date(instance.lastUpdatedTime).getTime() >= asked ? instance : undefined;
}

/** Pure: what the engine says of the instance, and of the clean-up in it, in the words of the API. */
export function describe(
  { runId, how, found }: CleanupTarget,
  whole: DurableOrchestrationStatus | undefined,
  inner: DurableOrchestrationStatus | undefined,
): RunProgress {
  const live = Live.safeParse(inner?.customStatus);
  const verdict = live.success ? (live.data.cleanup.verdict ?? null) : null;
  const unknown = { runId, verdict, found, deleted: 0, errors: [], resources: [] };
  if (!whole) return { ...unknown, status: 'queued' };
  if (isLive(whole)) {
    const deleted = live.success && how !== 'dry-run' ? Math.max(0, found - live.data.cleanup.remaining) : 0;
    return { ...unknown, status: 'running', deleted };
  }
  const result = Result.safeParse(inner?.output);
  if (!result.success) {
    const errors = [`${runId}: the clean-up broke off (${whole.runtimeStatus}). Ask for it again.`];
    return { ...unknown, status: 'failed', errors };
  }
  const { status, removed, remaining, blindSources, quarantined, planned = [] } = result.data;
  const errors = [
    ...blindSources.map(
      (source) => `${runId}: ${source} did not answer, so nobody knows whether all is gone.`,
    ),
    ...quarantined.map(({ kind, id, reason }) => `${runId}: ${kind} ${id}: ${reason ?? 'is still there'}`),
  ];
  const listed = how === 'dry-run' ? planned : quarantined;
  return {
    runId,
    verdict: status,
    status:
      status === 'verified' || (how === 'dry-run' && blindSources.length === 0) ? 'completed' : 'failed',
    found: how === 'dry-run' ? remaining : Math.max(found, removed + remaining),
    deleted: how === 'dry-run' ? 0 : Math.max(removed, status === 'verified' ? found : found - remaining),
    errors,
    resources: listed.map(({ kind, id, reason }) =>
      leftoverInfo(runId, { kind, id, ...(reason ? { reason } : {}) }),
    ),
  };
}
