import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { ForceOutput, VerifyOutput } from '../activities/contracts.ts';
import type { CleanupMode, CleanupResult } from '../domain/cleanup.ts';
import type { CleanupPolicy, RunProgress } from '../domain/run.ts';
import { call, type Steps, sleep } from './call.ts';

export interface RemoveLeftoversInput {
  readonly runId: string;
  readonly policy: CleanupPolicy;
  /** `strict` when left out. */
  readonly mode?: CleanupMode;
  /** Says what would be deleted and in which order, and deletes nothing. */
  readonly dryRun?: boolean;
  /** Where an earlier generation of this orchestration stopped; nobody else sets it. */
  readonly carried?: Count;
}

/** What a clean-up knows of its own rounds: all that a new generation needs. */
interface Count {
  readonly sweep: string;
  /** Rounds asked so far. */
  readonly round: number;
  /** Rounds without progress. */
  readonly used: number;
  readonly cleanPasses: number;
  readonly removed: number;
  readonly failures: CleanupResult['quarantined'];
  readonly last?: VerifyOutput;
  /** Seconds until the next look. */
  readonly pause: number;
  /** Seconds that were waited since something last went away. */
  readonly still?: number;
}

/** While Azure is deleting and makes progress a round does not count; this many looks in all is the end of patience. */
const MAX_LOOKS = 300;

/** While things go away the next look comes so soon; each time that nothing has gone and nothing is going, after twice as long. */
const SHORTEST_PAUSE_SECONDS = 10;

/** While Azure is at a deletion, the next look comes after so much of the time that it has taken already. */
const SHARE_OF_WAIT = 1 / 8;

/** The deletions of one round are begun in so many calls at most; what is left then is the next round's. */
const CALLS_PER_ROUND = 30;

/** A generation ends after this many rounds: a replay reads the whole history each time. */
const ROUNDS_PER_GENERATION = 40;

/** Failures stay in the history. */
const MAX_FAILURES = 50;

/** The instance id of a run's clean-up: one at a time. */
export function cleanupInstanceId(runId: string): string {
  return `cleanup-${runId}`;
}

/**
 * Verifies and deletes in rounds until every source has said "nothing" in `cleanPasses` consecutive rounds, or the
 * rounds are used up. "Nothing" from sources of which one did not answer is not clean, and starts the count again.
 * Throws when it was started under another id than cleanupInstanceId: two clean-ups of one run would be possible.
 */
export const removeLeftovers: OrchestrationHandler = function* (context): Steps<CleanupResult | undefined> {
  const input = context.df.getInput() as RemoveLeftoversInput;
  refuseWrongStart(context, input);
  const { policy, dryRun = false } = input;
  let count = input.carried ?? begin(context);
  const lastOfGeneration = count.round + ROUNDS_PER_GENERATION;

  while (count.round < MAX_LOOKS && count.used < policy.rounds) {
    if (count.round >= lastOfGeneration) {
      context.df.continueAsNew({ ...input, carried: count });
      return undefined;
    }
    count = yield* look(context, input, count);
    const { last, cleanPasses } = count;
    if (last && last.found > 0 && dryRun) return yield* plan(context, input, count);
    if (cleanPasses >= policy.cleanPasses) return resultOf(count, 'verified');
    if (last && last.found > 0) count = yield* remove(context, input, count);
    yield* sleep(context, count.pause);
  }
  return resultOf(count, count.last?.verdict === 'leftovers' ? 'leftovers' : 'unknown');
};

function refuseWrongStart({ df }: OrchestrationContext, input: RemoveLeftoversInput): void {
  if (!input?.runId || !input.policy) {
    throw new Error(
      'remove_leftovers needs {"runId":"...","policy":{"rounds":20,"cleanPasses":2,"passIntervalSeconds":60}}.',
    );
  }
  const expected = cleanupInstanceId(input.runId);
  if (!input.dryRun && df.instanceId !== expected) {
    throw new Error(
      `refused: the clean-up of run ${input.runId} must be the instance ${expected}, so that one runs at a time.`,
    );
  }
}

function begin({ df }: OrchestrationContext): Count {
  const sweep = df.currentUtcDateTime.toISOString().replace(/[-:]|\.\d+/g, '');
  return { sweep, round: 0, used: 0, cleanPasses: 0, removed: 0, failures: [], pause: 0 };
}

function* look(context: OrchestrationContext, input: RemoveLeftoversInput, count: Count): Steps<Count> {
  const { runId, policy, dryRun } = input;
  const { sweep } = count;
  const round = count.round + 1;
  const last = yield* call(context, 'verify_cleanup_activity', {
    runId,
    sweep,
    round,
    provesIt: count.cleanPasses + 1 >= policy.cleanPasses,
    ...(dryRun ? { dryRun } : {}),
  });
  const cleanPasses = last.verdict === 'clean' ? count.cleanPasses + 1 : 0;
  const isWasted = last.verdict !== 'clean' && !isProgress(count.last, last);
  show(context, last, round, cleanPasses);
  const used = count.used + (isWasted ? 1 : 0);
  return {
    ...count,
    ...pauseAfter(count, last, policy.passIntervalSeconds),
    round,
    cleanPasses,
    used,
    last,
  };
}

/**
 * Two clean answers are an interval apart; while Azure is at work it is worth looking sooner: at what takes a minute every
 * ten seconds, at what takes hours every interval.
 */
function pauseAfter(before: Count, now: VerifyOutput, interval: number): Pick<Count, 'pause' | 'still'> {
  if (now.verdict !== 'leftovers') return { pause: interval, still: 0 };
  const moves = before.last === undefined || now.found < before.last.found;
  const still = moves ? 0 : (before.still ?? 0) + before.pause;
  const wanted = now.deleting > 0 ? still * SHARE_OF_WAIT : moves ? 0 : before.pause * 2;
  return { pause: Math.min(interval, Math.max(SHORTEST_PAUSE_SECONDS, Math.round(wanted))), still };
}

function* remove(
  context: OrchestrationContext,
  { runId, mode }: RemoveLeftoversInput,
  count: Count,
): Steps<Count> {
  const { sweep, round } = count;
  const failures: CleanupResult['quarantined'][number][] = [];
  let { removed } = count;
  let from: number | undefined = 0;
  for (let calls = 0; from !== undefined && calls < CALLS_PER_ROUND; calls++) {
    const output: ForceOutput = yield* call(context, 'force_cleanup_activity', {
      runId,
      ...(mode ? { mode } : {}),
      target: { kind: 'round', sweep, round, ...(from > 0 ? { from } : {}) },
    });
    removed += output.removed;
    failures.push(...output.failures);
    from = output.next;
  }
  return { ...count, removed, failures: failures.slice(0, MAX_FAILURES) };
}

function* plan(
  context: OrchestrationContext,
  { runId }: RemoveLeftoversInput,
  count: Count,
): Steps<CleanupResult> {
  const { sweep, round } = count;
  const { planned = [], failures } = yield* call(context, 'force_cleanup_activity', {
    runId,
    dryRun: true,
    target: { kind: 'round', sweep, round },
  });
  return { ...resultOf({ ...count, failures }, 'leftovers'), planned };
}

function resultOf(count: Count, status: CleanupResult['status']): CleanupResult {
  const { round, cleanPasses, removed, last, failures } = count;
  const isClean = status === 'verified';
  return {
    status,
    rounds: round,
    cleanPasses,
    removed,
    remaining: last?.found ?? 0,
    blindSources: last?.blindSources ?? [],
    quarantined: isClean ? [] : failures,
  };
}

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
