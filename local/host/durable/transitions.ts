import { member } from '../host-error.ts';
import type { HistoryEvent, Message } from './history.ts';
import { answeredId, EventType, isFailure, stamp } from './history.ts';
import type { Instance } from './instance.ts';
import { isFinal } from './instance.ts';

/** What can happen to an instance from outside of an episode. All pure; `at` is milliseconds since 1970. */

/**
 * Puts a message into the inbox. Returns undefined when it must be dropped: the instance has ended, or the message answers
 * something that is not asked (any more), so that an answer that comes twice counts once.
 */
export function receive(instance: Instance, message: Message): Instance | undefined {
  if (isFinal(instance.status)) return undefined;
  const id = answeredId(message);
  if (id !== undefined) {
    if (!(id in instance.pending)) return undefined;
    if (instance.inbox.some((waiting) => answeredId(waiting) === id)) return undefined;
  }
  return { ...instance, inbox: [...instance.inbox, message] };
}

/** Ends the instance at once. Sub-orchestrations go on, as on Azure. */
export function terminate(instance: Instance, reason: string, at: number): Instance {
  return {
    ...instance,
    status: 'Terminated',
    output: reason,
    lastUpdatedTime: new Date(at).toISOString(),
    inbox: [],
    pending: {},
    history: [
      ...instance.history,
      { ...stamp(at), EventType: EventType.ExecutionTerminated, Input: reason },
      {
        ...stamp(at),
        EventType: EventType.ExecutionCompleted,
        OrchestrationStatus: 5,
        Result: JSON.stringify(reason),
      },
    ],
  };
}

/** Messages that come while an instance is suspended wait in its inbox. */
export function suspend(instance: Instance, reason: string, at: number): Instance {
  const event = { ...stamp(at), EventType: EventType.ExecutionSuspended, Reason: reason };
  return {
    ...instance,
    status: 'Suspended',
    lastUpdatedTime: event.Timestamp,
    inbox: [...instance.inbox, event],
  };
}

export function resume(instance: Instance, reason: string, at: number): Instance {
  const event = { ...stamp(at), EventType: EventType.ExecutionResumed, Reason: reason };
  return {
    ...instance,
    status: 'Running',
    lastUpdatedTime: event.Timestamp,
    inbox: [...instance.inbox, event],
  };
}

/**
 * Takes a failed instance back to before its failures: failed work becomes pending again under the same ids, and the next
 * episode replays without it. As on Azure, failures inside a chain of retries do not rewind well.
 */
export function rewind(instance: Instance, reason: string, at: number): Instance {
  const kept = instance.history.filter((event) => {
    if (event.EventType === EventType.ExecutionCompleted) return false;
    const id = answeredId(event);
    return id === undefined || !isFailure(event) || !(id in instance.failed);
  });
  return {
    ...instance,
    status: 'Running',
    output: null,
    lastUpdatedTime: new Date(at).toISOString(),
    history: kept,
    inbox: [{ ...stamp(at), EventType: EventType.GenericEvent, Reason: reason }],
    pending: { ...instance.pending, ...instance.failed },
    failed: {},
  };
}

/** The message that tells a parent how its child ended. */
export function answerOf(child: Instance, taskId: number, at: number): Message {
  if (child.status === 'Completed') {
    return {
      ...stamp(at),
      EventType: EventType.SubOrchestrationInstanceCompleted,
      TaskScheduledId: taskId,
      Result: JSON.stringify(child.output ?? null),
    };
  }
  return subOrchestrationFailed(taskId, String(child.output ?? ''), at);
}

export function subOrchestrationFailed(taskId: number, reason: string, at: number): Message {
  return {
    ...stamp(at),
    EventType: EventType.SubOrchestrationInstanceFailed,
    TaskScheduledId: taskId,
    Reason: reason,
    Details: '',
    FailureDetails: null,
  };
}

/** How an activity's failure looks to an orchestrator: the extension's sentence and the .NET exception behind it. */
export function activityFailed(taskId: number, name: string, error: unknown, at: number): Message {
  const message = String(member(error, 'message') ?? (error instanceof Error ? error.message : error));
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return {
    ...stamp(at),
    EventType: EventType.TaskFailed,
    TaskScheduledId: taskId,
    // Two blanks: the worker's exception comes without a type name in front.
    Reason: `Activity function '${name}' failed:  ${message}`,
    Details: JSON.stringify({
      $type: 'System.Exception, System.Private.CoreLib',
      ClassName: 'System.Exception',
      Message: ` ${message}`,
      StackTraceString: stack,
      HResult: -2146233088,
    }),
    FailureDetails: null,
  };
}

/** Events of earlier episodes count as played; the SDK derives `isReplaying` from it. */
export function played(event: HistoryEvent): HistoryEvent {
  return event.EventType === EventType.OrchestratorStarted || event.EventId >= 0
    ? event
    : { ...event, IsPlayed: true };
}
