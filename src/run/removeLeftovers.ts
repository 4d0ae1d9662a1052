import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { VerifyOutput } from '../activities/contracts.ts';
import type { CleanupResult } from '../domain/cleanup.ts';
import type { CleanupPolicy, RunProgress } from '../domain/run.ts';
import { call, type Steps, sleep } from './call.ts';

export interface RemoveLeftoversInput {
  readonly runId: string;
  readonly policy: CleanupPolicy;
  /** Best effort is the janitor's: what cannot be removed now is left to its next pass. */
  readonly mode?: 'strict' | 'best-effort';
}

/** While Azure is deleting and makes progress a round does not count; this many looks in all is the end of patience. */
const MAX_LOOKS = 300;

/** The instance id of a run's clean-up: one at a time. */
export function cleanupInstanceId(runId: string): string {
  return `cleanup-${runId}`;
}

/**
 * Verifies and deletes in rounds until every source has said "nothing" in `cleanPasses` consecutive rounds, or the
 * rounds are used up. "Nothing" from sources of which one did not answer is not clean, and starts the count again.
 */
export const removeLeftovers: OrchestrationHandler = function* (context): Steps<CleanupResult> {
  const { runId, policy } = context.df.getInput() as RemoveLeftoversInput;
  let used = 0;
  let cleanPasses = 0;
  let removed = 0;
  let failures: CleanupResult['quarantined'] = [];
  let last: VerifyOutput | undefined;

  for (let round = 1; round <= MAX_LOOKS && used < policy.rounds; round++) {
    const before = last;
    last = yield* call(context, 'verify_cleanup_activity', { runId, round });
    cleanPasses = last.verdict === 'clean' ? cleanPasses + 1 : 0;
    if (last.verdict !== 'clean' && !isProgress(before, last)) used += 1;
    show(context, last, round, cleanPasses);
    if (cleanPasses >= policy.cleanPasses) {
      return {
        status: 'verified',
        rounds: round,
        cleanPasses,
        removed,
        remaining: 0,
        blindSources: [],
        quarantined: [],
      };
    }
    if (last.found > 0) {
      const forced = yield* call(context, 'force_cleanup_activity', {
        runId,
        target: { kind: 'round', round },
      });
      removed += forced.removed;
      failures = forced.failures;
    }
    yield* sleep(context, policy.passIntervalSeconds);
  }
  return {
    status: last?.verdict === 'leftovers' ? 'leftovers' : 'unknown',
    rounds: used,
    cleanPasses,
    removed,
    remaining: last?.found ?? 0,
    blindSources: last?.blindSources ?? [],
    quarantined: failures,
  };
};

/** Azure is still deleting, or fewer things are left than before. */
function isProgress(before: VerifyOutput | undefined, now: VerifyOutput): boolean {
  if (now.verdict === 'unknown') return false;
  return now.deleting > 0 || (before !== undefined && now.found < before.found);
}

function show(context: OrchestrationContext, last: VerifyOutput, round: number, cleanPasses: number): void {
  const cleanup: RunProgress['cleanup'] & object = {
    round,
    remaining: last.found,
    cleanPasses,
    verdict: last.verdict,
  };
  context.df.setCustomStatus({ phase: 'cleaning', cleanup });
}
