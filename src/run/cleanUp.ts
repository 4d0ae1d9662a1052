import type { OrchestrationContext } from 'durable-functions';
import type { Problem } from '../activities/contracts.ts';
import type { CleanupResult } from '../domain/cleanup.ts';
import { failureText, type Steps } from './call.ts';
import { cleanupInstanceId, type RemoveLeftoversInput } from './removeLeftovers.ts';

/**
 * Removes everything of a run in a sub-orchestration whose id allows one clean-up per run at a time. Never throws: a
 * clean-up that broke off is a problem in the report, and its outcome is unknown.
 */
export function* cleanUp(
  context: OrchestrationContext,
  input: RemoveLeftoversInput,
  problems: Problem[],
): Steps<CleanupResult> {
  try {
    return (yield context.df.callSubOrchestrator(
      'remove_leftovers',
      input,
      cleanupInstanceId(input.runId),
    )) as CleanupResult;
  } catch (error) {
    const at = context.df.currentUtcDateTime.toISOString();
    problems.push({ at, where: 'clean-up', message: failureText(error) });
    return {
      status: 'unknown',
      rounds: 0,
      cleanPasses: 0,
      removed: 0,
      remaining: 0,
      blindSources: [],
      quarantined: [],
    };
  }
}
