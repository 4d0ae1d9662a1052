import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions';
import type { Problem, ReportOutput, RunEnd } from '../activities/contracts.ts';
import type { CleanupResult } from '../domain/cleanup.ts';
import type { RunPlan, RunProgress } from '../domain/run.ts';
import { call, failureText, type Steps } from './call.ts';
import { cleanUp } from './cleanUp.ts';
import { monitor } from './monitor.ts';
import { provisionAll } from './provisionAll.ts';

const NOBODY = { total: 0, provisioning: 0, running: 0, completed: 0, failed: 0 };

/**
 * One run: validate, select, provision, monitor, clean up, report. Once something may have been made, every way out
 * passes through the clean-up; a report is written in any case. The run id is the instance id.
 */
export const haymakerRun: OrchestrationHandler = function* (context): Steps<ReportOutput> {
  const runId = context.df.instanceId;
  const startedAt = context.df.currentUtcDateTime.toISOString();
  const progress = (change: Partial<RunProgress>) =>
    context.df.setCustomStatus({ agents: NOBODY, ...change });
  const report = (end: RunEnd, cleanup: CleanupResult | null, problems: Problem[]) => {
    progress({ phase: 'reporting' });
    const now = context.df.currentUtcDateTime.toISOString();
    return call(context, 'generate_report_activity', { runId, startedAt, now, end, cleanup, problems });
  };

  progress({ phase: 'validating' });
  const validation = yield* call(context, 'validate_environment_activity', {
    runId,
    startedAt,
    request: context.df.getInput() ?? {},
  });
  if (!validation.passed || !validation.request) return yield* report('validation_failed', null, []);

  progress({ phase: 'selecting' });
  const selection = yield* call(context, 'select_scenarios_activity', {
    runId,
    startedAt,
    request: validation.request,
  });
  if (!selection.ok) {
    const problems = selection.problems.map((message) => ({ at: startedAt, where: 'selection', message }));
    return yield* report('nothing_selected', null, problems);
  }

  const { plan } = selection;
  const { end, problems } = yield* work(context, plan);
  progress({ phase: 'cleaning', endsAt: plan.endsAt });
  const cleanup = yield* cleanUp(context, { runId, policy: plan.cleanup }, problems);
  return yield* report(end, cleanup, problems);
};

/** Provisions and monitors. Never throws: what went wrong is a problem in the report, and the clean-up follows. */
function* work(context: OrchestrationContext, plan: RunPlan): Steps<{ end: RunEnd; problems: Problem[] }> {
  try {
    const started = yield* provisionAll(context, plan);
    const end = started > 0 ? yield* monitor(context, plan) : 'agents_ended';
    return { end, problems: [] };
  } catch (error) {
    return { end: 'error', problems: [problem(context, 'provisioning or monitoring', error)] };
  }
}

function problem(context: OrchestrationContext, where: string, error: unknown): Problem {
  return { at: context.df.currentUtcDateTime.toISOString(), where, message: failureText(error) };
}
