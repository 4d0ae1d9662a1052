import type { DurableClient } from 'durable-functions';
import { Unavailable } from '../domain/errors.ts';
import { findInstance, isLive } from '../instances.ts';
import type { Admission } from '../records/admissions.ts';
import type { Records } from '../records/records.ts';
import { ApiError } from './errors.ts';

const HOUR_MS = 3_600_000;
/** An instance appears within seconds of its admission; one that has not after this time was never started. */
const STARTING_MS = 120_000;
/** How long a run that has to end first may take is anybody's guess: ask again in a minute. */
const BUSY_SECONDS = 60;
const ATTEMPTS = 10;

export interface RunLimits {
  readonly concurrentRuns: number;
  readonly runsPerHour: number;
}

export type Decision =
  | { readonly admitted: true; readonly admissions: readonly Admission[] }
  | { readonly admitted: false; readonly reason: string; readonly retryAfterSeconds: number };

/** Whether one more run may start now. Admissions that no longer count are dropped from the book. */
export function decide(
  runId: string,
  now: Date,
  {
    admissions,
    live,
    limits,
  }: { admissions: readonly Admission[]; live: ReadonlySet<string>; limits: RunLimits },
): Decision {
  const age = (admission: Admission) => now.getTime() - Date.parse(admission.at);
  const lastHour = admissions.filter((admission) => age(admission) < HOUR_MS);
  const running = admissions.filter((admission) => live.has(admission.runId));
  if (running.length >= limits.concurrentRuns) {
    const reason = `${running.length} runs are at work, and ${limits.concurrentRuns} may be. Wait until one has ended.`;
    return { admitted: false, reason, retryAfterSeconds: BUSY_SECONDS };
  }
  if (lastHour.length >= limits.runsPerHour) {
    const oldest = Math.max(...lastHour.map(age));
    const reason = `${lastHour.length} runs were started within the last hour, and ${limits.runsPerHour} may be.`;
    return { admitted: false, reason, retryAfterSeconds: Math.ceil((HOUR_MS - oldest) / 1_000) };
  }
  const counting = admissions.filter(
    (admission) => lastHour.includes(admission) || live.has(admission.runId),
  );
  return { admitted: true, admissions: [...counting, { runId, at: now.toISOString() }] };
}

/**
 * Lets a run in, or not: the limits hold across all instances of the app. Admitting the same run again changes nothing.
 * @throws ApiError 429 with Retry-After when a limit is reached; Unavailable when the limits cannot be checked
 */
export async function admit(
  runId: string,
  { records, client, limits }: { records: Records; client: DurableClient; limits: RunLimits },
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const now = new Date();
    const { admissions, etag } = await records.admissions.read();
    if (admissions.some((admission) => admission.runId === runId)) return;
    const live = await liveOf(admissions, now, client);
    const decision = decide(runId, now, { admissions, live, limits });
    if (!decision.admitted) {
      throw new ApiError(429, 'RATE_LIMIT_EXCEEDED', decision.reason, {
        details: { retry_after: decision.retryAfterSeconds },
        headers: { 'Retry-After': String(decision.retryAfterSeconds) },
      });
    }
    if (await records.admissions.write({ admissions: decision.admissions, etag })) return;
  }
  throw new Unavailable('admitting a run: too many callers at once. Try again in a moment.');
}

async function liveOf(
  admissions: readonly Admission[],
  now: Date,
  client: DurableClient,
): Promise<ReadonlySet<string>> {
  const live = await Promise.all(
    admissions.map(async ({ runId, at }) => {
      const instance = await statusOrRefuse(runId, client);
      return instance ? isLive(instance) : now.getTime() - Date.parse(at) < STARTING_MS;
    }),
  );
  return new Set(admissions.filter((_, index) => live[index]).map(({ runId }) => runId));
}

/** A limit that cannot be checked refuses. */
async function statusOrRefuse(runId: string, client: DurableClient) {
  try {
    return await findInstance(client, runId);
  } catch (cause) {
    throw new Unavailable(`checking whether ${runId} is still at work: the engine does not answer.`, {
      cause,
    });
  }
}
