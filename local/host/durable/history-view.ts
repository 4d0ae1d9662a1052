import type { HistoryEvent } from './history.ts';
import { answeredId, EventType } from './history.ts';
import type { Instance } from './instance.ts';

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(EventType).map(([name, number]) => [number, name]),
);
const ORCHESTRATION_STATUS: Readonly<Record<number, string>> = {
  1: 'Completed',
  3: 'Failed',
  5: 'Terminated',
};

/**
 * The history as the status API shows it (`historyEvents`): event types by name, what was scheduled folded into its answer,
 * episode markers left out, results only when asked for.
 */
export function historyView(instance: Instance, showOutput: boolean): Record<string, unknown>[] {
  const scheduled = new Map(
    instance.history.filter((event) => event.EventId >= 0).map((event) => [event.EventId, event]),
  );
  const answered = new Set(instance.history.map(answeredId));
  return instance.history
    .filter((event) => !isMarker(event) && !(event.EventId >= 0 && answered.has(event.EventId)))
    .map((event) => view(event, scheduled, showOutput));
}

function isMarker(event: HistoryEvent): boolean {
  return (
    event.EventType === EventType.OrchestratorStarted || event.EventType === EventType.OrchestratorCompleted
  );
}

function view(
  event: HistoryEvent,
  scheduled: ReadonlyMap<number, HistoryEvent>,
  showOutput: boolean,
): Record<string, unknown> {
  const base = { EventType: NAMES.get(event.EventType), Timestamp: event.Timestamp };
  const cause = scheduled.get(answeredId(event) ?? -1);
  const origin = cause && {
    ScheduledTime: cause.Timestamp,
    ...('Name' in cause ? { FunctionName: cause.Name } : {}),
  };
  switch (event.EventType) {
    case EventType.ExecutionStarted:
      return { ...base, FunctionName: event.Name };
    case EventType.TaskCompleted:
    case EventType.SubOrchestrationInstanceCompleted:
      return { ...base, ...(showOutput ? { Result: parsed(event.Result) } : {}), ...origin };
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceFailed:
      return { ...base, Reason: event.Reason, Details: event.Details, ...origin };
    case EventType.TaskScheduled:
    case EventType.SubOrchestrationInstanceCreated:
      return { ...base, FunctionName: event.Name };
    case EventType.TimerCreated:
    case EventType.TimerFired:
      return { ...base, FireAt: event.FireAt };
    case EventType.EventRaised:
      return { ...base, Name: event.Name, Input: parsed(event.Input) };
    case EventType.ExecutionTerminated:
      return { ...base, Input: event.Input };
    case EventType.ExecutionCompleted:
      return {
        ...base,
        OrchestrationStatus: ORCHESTRATION_STATUS[event.OrchestrationStatus] ?? event.OrchestrationStatus,
        ...(showOutput || event.OrchestrationStatus !== 1 ? { Result: parsed(event.Result) } : {}),
        FailureDetails: null,
      };
    case EventType.GenericEvent:
    case EventType.ExecutionSuspended:
    case EventType.ExecutionResumed:
      return { ...base, Reason: event.Reason };
    default:
      return base;
  }
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
