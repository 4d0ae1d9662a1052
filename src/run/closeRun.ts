import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { Problem, ReportOutput } from '../activities/contracts.ts';
import type { CleanupPolicy } from '../domain/run.ts';
import { call, type Steps } from './call.ts';
import { cleanUp } from './cleanUp.ts';

export interface CloseRunInput {
  readonly runId: string;
  readonly policy: CleanupPolicy;
  /** When the run began, as far as anybody knows. */
  readonly startedAt: string;
  /** Why the run is closed for it, in words, for the report. */
  readonly why: string;
}

/** The instance id under which a run is closed: once at a time. */
export function closingInstanceId(runId: string): string {
  return `close-${runId}`;
}

/** Closes the books of a run that cannot do it itself any more: removes what it left and writes its report. */
export const closeRun: OrchestrationHandler = function* (context): Steps<ReportOutput> {
  const { runId, policy, startedAt, why } = context.df.getInput() as CloseRunInput;
  const problems: Problem[] = [{ at: now(context), where: 'run', message: why }];
  const cleanup = yield* cleanUp(context, { runId, policy, mode: 'best-effort' }, problems);
  return yield* call(context, 'generate_report_activity', {
    runId,
    startedAt,
    now: now(context),
    end: 'closed_by_janitor',
    cleanup,
    problems,
  });
};

function now(context: OrchestrationContext): string {
  return context.df.currentUtcDateTime.toISOString();
}
