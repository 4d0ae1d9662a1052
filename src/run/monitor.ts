import type { OrchestrationContext, Task } from 'durable-functions';
import type { RunEnd } from '../activities/contracts.ts';
import { addSeconds } from '../domain/duration.ts';
import type { RunOrders, RunProgress } from '../domain/run.ts';
import { call, type Steps } from './call.ts';

/** Raised by an operator (or the API) to end a run early. */
export const STOP_EVENT = 'stop';

/** Looks at the agents every interval until all have ended, the window and its grace are over, or somebody says stop. */
export function* monitor(context: OrchestrationContext, plan: RunOrders): Steps<RunEnd> {
  const deadline = Date.parse(plan.expiresOn);
  let stop: Task | undefined;
  for (;;) {
    const now = context.df.currentUtcDateTime;
    const agents = yield* call(context, 'check_agent_status_activity', {
      runId: plan.runId,
      now: now.toISOString(),
      checkIntervalSeconds: plan.checkIntervalSeconds,
    });
    const progress: RunProgress = { phase: 'monitoring', endsAt: plan.endsAt, agents };
    context.df.setCustomStatus(progress);
    // The engine hands an event to the latest waiter, even to one that has lost its race: so comes a stop during the look.
    if (stop?.isCompleted) return 'stopped';
    if (agents.running + agents.provisioning === 0) return 'agents_ended';
    if (context.df.currentUtcDateTime.getTime() >= deadline) return 'window_over';

    // A new timer and a new waiter each round: the engine numbers tasks, and one task in two races would be counted twice.
    const next = Math.min(
      deadline,
      Date.parse(addSeconds(context.df.currentUtcDateTime, plan.checkIntervalSeconds)),
    );
    const timer = context.df.createTimer(new Date(next));
    stop = context.df.waitForExternalEvent(STOP_EVENT);
    const winner = yield context.df.Task.any([stop, timer]);
    if (winner === stop) {
      timer.cancel();
      return 'stopped';
    }
  }
}
