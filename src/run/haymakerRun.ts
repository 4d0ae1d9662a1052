import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { Problem, ReportOutput, RunEnd } from '../activities/contracts.ts';
import type { CleanupResult } from '../domain/cleanup.ts';
import type { RunOrders, RunProgress } from '../domain/run.ts';
import { call, failureText, type Steps } from './call.ts';
import { cleanUp } from './cleanUp.ts';
import { monitor } from './monitor.ts';
import { provisionAll } from './provisionAll.ts';

const NOBODY = { total: 0, provisioning: 0, running: 0, completed: 0, failed: 0 };

/** How the preparation of a run ends when there will be no work: with a report, or without one when it is not our run. */
type NoPlan = { readonly end: RunEnd; readonly problems: Problem[] } | { readonly refused: string };

/**
 * One run: validate, select, provision, monitor, clean up, report. Once something may have been made, every way out
 * passes through the clean-up; a report is written in any case, and where that fails the output says why. The run id is
 * the instance id.
 */
export const haymakerRun: OrchestrationHandler = function* (context): Steps<ReportOutput> {
  const runId = context.df.instanceId;
  const startedAt = now(context);
  const progress = (change: Partial<RunProgress>) =>
    context.df.setCustomStatus({ agents: NOBODY, ...change });

  const prepared = yield* prepare(context, startedAt, progress);
  if ('refused' in prepared) return withoutReport(runId, 'not_needed', [prepared.refused]);
  if ('end' in prepared) return yield* report(prepared.end, null, prepared.problems);

  const { plan } = prepared;
  const { end, problems } = yield* work(context, plan);
  progress({ phase: 'cleaning', endsAt: plan.endsAt });
  const cleanup = yield* cleanUp(context, { runId, policy: plan.cleanup }, problems);
  return yield* report(end, cleanup, problems);

  function* report(end: RunEnd, cleanup: CleanupResult | null, problems: Problem[]): Steps<ReportOutput> {
    progress({ phase: 'reporting' });
    const input = { runId, startedAt, now: now(context), end, cleanup, problems };
    try {
      return yield* call(context, 'generate_report_activity', input);
    } catch (error) {
      // What is not in the books is not proven. They stay open, and the janitor closes them.
      const said = [...problems, problem(context, 'report', error)];
      const words = said.map(({ where, message }) => `${where}: ${message}`);
      return withoutReport(runId, 'unknown', words, cleanup?.remaining);
    }
  }
};

/** Validates and selects. Never throws: nothing has been made yet, and what went wrong is a problem in the report. */
function* prepare(
  context: OrchestrationContext,
  startedAt: string,
  progress: (change: Partial<RunProgress>) => void,
): Steps<{ plan: RunOrders } | NoPlan> {
  const runId = context.df.instanceId;
  let phase: 'validating' | 'selecting' = 'validating';
  try {
    progress({ phase });
    const request: unknown = context.df.getInput() ?? {};
    const validation = yield* call(context, 'validate_environment_activity', { runId, startedAt, request });
    if (validation.refused) return { refused: validation.refused };
    if (!validation.passed || !validation.request) return { end: 'validation_failed', problems: [] };

    phase = 'selecting';
    progress({ phase });
    const selected = { runId, startedAt, request: validation.request };
    const selection = yield* call(context, 'select_scenarios_activity', selected);
    if (selection.ok) return { plan: selection.plan };
    const problems = selection.problems.map((message) => ({ at: startedAt, where: 'selection', message }));
    return { end: 'nothing_selected', problems };
  } catch (error) {
    return { end: 'error', problems: [problem(context, phase, error)] };
  }
}

/** Provisions and monitors. Never throws: what went wrong is a problem in the report, and the clean-up follows. */
function* work(context: OrchestrationContext, plan: RunOrders): Steps<{ end: RunEnd; problems: Problem[] }> {
  try {
    const started = yield* provisionAll(context, plan);
    const end = started > 0 ? yield* monitor(context, plan) : 'agents_ended';
    return { end, problems: [] };
  } catch (error) {
    return { end: 'error', problems: [problem(context, 'provisioning or monitoring', error)] };
  }
}

function withoutReport(
  runId: string,
  cleanupStatus: ReportOutput['cleanupStatus'],
  problems: readonly string[],
  leftovers = 0,
): ReportOutput {
  const nothing = { resourcesCreated: 0, resourcesRemoved: 0, reportPath: null };
  return { runId, status: 'failed', cleanupStatus, agents: NOBODY, ...nothing, leftovers, problems };
}

function problem(context: OrchestrationContext, where: string, error: unknown): Problem {
  return { at: now(context), where, message: failureText(error) };
}

function now({ df }: OrchestrationContext): string {
  return df.currentUtcDateTime.toISOString();
}
