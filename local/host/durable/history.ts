/** The history of an orchestration in the shape that durable-functions reads (durabletask HistoryEvent as JSON). */

export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  GenericEvent: 17,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

interface Common {
  /** The id of the decision for what an orchestrator schedules, -1 for everything else. */
  readonly EventId: number;
  readonly IsPlayed: boolean;
  /** ISO 8601, UTC, milliseconds. */
  readonly Timestamp: string;
}

interface FailureText {
  readonly TaskScheduledId: number;
  /** Both must be strings: the SDK throws out of its replay loop when one is null. */
  readonly Reason: string;
  readonly Details: string;
  readonly FailureDetails: null;
}

export interface ExecutionStarted extends Common {
  readonly EventType: typeof EventType.ExecutionStarted;
  readonly OrchestrationInstance: { readonly InstanceId: string; readonly ExecutionId: string };
  readonly ParentInstance: { readonly OrchestrationInstance: { readonly InstanceId: string } } | null;
  readonly Name: string;
  readonly Version: string;
  /** JSON text, or null for no input. */
  readonly Input: string | null;
  readonly Tags: null;
}

export interface EventRaised extends Common {
  readonly EventType: typeof EventType.EventRaised;
  readonly Name: string;
  /** JSON text. */
  readonly Input: string;
}

/** The answer to something that was scheduled; `Result` is JSON text or null. */
export type Answer = Common &
  (
    | {
        readonly EventType:
          | typeof EventType.TaskCompleted
          | typeof EventType.SubOrchestrationInstanceCompleted;
        readonly TaskScheduledId: number;
        readonly Result: string | null;
      }
    | (FailureText & {
        readonly EventType: typeof EventType.TaskFailed | typeof EventType.SubOrchestrationInstanceFailed;
      })
    | { readonly EventType: typeof EventType.TimerFired; readonly TimerId: number; readonly FireAt: string }
  );

/** What comes to an orchestration from outside and waits in its inbox for the next episode. */
export type Message =
  | ExecutionStarted
  | EventRaised
  | Answer
  | (Common & {
      readonly EventType:
        | typeof EventType.GenericEvent
        | typeof EventType.ExecutionSuspended
        | typeof EventType.ExecutionResumed;
      readonly Reason: string;
    });

/** What an orchestrator decided in an episode. */
export type Scheduled = Common &
  (
    | {
        readonly EventType: typeof EventType.TaskScheduled;
        readonly Name: string;
        readonly Version: string;
        readonly Input: null;
      }
    | {
        readonly EventType: typeof EventType.SubOrchestrationInstanceCreated;
        readonly Name: string;
        readonly Version: string;
        readonly InstanceId: string;
        readonly Input: null;
      }
    | { readonly EventType: typeof EventType.TimerCreated; readonly FireAt: string }
  );

export type HistoryEvent =
  | Message
  | Scheduled
  | (Common & {
      readonly EventType: typeof EventType.OrchestratorStarted | typeof EventType.OrchestratorCompleted;
    })
  | (Common & { readonly EventType: typeof EventType.ExecutionTerminated; readonly Input: string })
  | (Common & {
      readonly EventType: typeof EventType.ExecutionCompleted;
      readonly OrchestrationStatus: number;
      readonly Result: string | null;
    });

/** The fields that every event from outside starts with. */
export function stamp(at: number): Common {
  return { EventId: -1, IsPlayed: false, Timestamp: new Date(at).toISOString() };
}

/** The id of the decision that an event answers; undefined for events that answer nothing. */
export function answeredId(event: HistoryEvent): number | undefined {
  switch (event.EventType) {
    case EventType.TaskCompleted:
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceCompleted:
    case EventType.SubOrchestrationInstanceFailed:
      return event.TaskScheduledId;
    case EventType.TimerFired:
      return event.TimerId;
    default:
      return undefined;
  }
}

export function isFailure(event: HistoryEvent): boolean {
  return (
    event.EventType === EventType.TaskFailed || event.EventType === EventType.SubOrchestrationInstanceFailed
  );
}
