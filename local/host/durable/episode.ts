import { reasonOf } from '../host-error.ts';
import type { OrchestratorAnswer } from './actions.ts';
import { describeAction } from './actions.ts';
import type { HistoryEvent, Scheduled } from './history.ts';
import { answeredId, EventType, isFailure, stamp } from './history.ts';
import type { Instance, Work } from './instance.ts';
import { createInstance } from './instance.ts';
import type { Decision, Replay } from './replay.ts';
import { replay } from './replay.ts';
import { played } from './transitions.ts';

/** The Azure Storage provider refuses more than 16 KB of custom status, counted in UTF-16. */
const CUSTOM_STATUS_LIMIT_BYTES = 16 * 1024;

/** One turn of an orchestrator: everything in the inbox at once, replayed on top of the history. */
export interface Episode {
  readonly executionId: string;
  /** How many messages of the inbox this episode takes. */
  readonly taken: number;
  readonly history: readonly HistoryEvent[];
  readonly at: number;
}

export interface Conclusion {
  readonly instance: Instance;
  /** A line for the log when the orchestration is at fault: stuck or non-deterministic. */
  readonly complaint?: string;
}

/** Names that can be called; a call of any other fails the orchestration at once (on Azure it hangs). */
export interface KnownFunctions {
  readonly activities: ReadonlySet<string>;
  readonly orchestrators: ReadonlySet<string>;
}

/** Prepares the next episode, or undefined when nothing waits. The clock never goes backwards between episodes. */
export function nextEpisode(instance: Instance, now: number): Episode | undefined {
  if (instance.inbox.length === 0) return undefined;
  const before = instance.history.map(played);
  const at = Math.max(
    now,
    Date.parse(instance.history.at(-1)?.Timestamp ?? instance.createdTime),
    // A timer may ring a millisecond early; the SDK must not see a time before the one it asked for.
    ...instance.inbox.map((event) =>
      event.EventType === EventType.TimerFired ? Date.parse(event.FireAt) : 0,
    ),
  );
  const started: HistoryEvent = { ...stamp(at), EventType: EventType.OrchestratorStarted };
  return {
    executionId: instance.executionId,
    taken: instance.inbox.length,
    history: [...before, started, ...instance.inbox],
    at,
  };
}

/** The text that the orchestrationTrigger receives (schema V3, as extension 2.13 sends it). */
export function triggerText(
  instance: Pick<Instance, 'instanceId' | 'input' | 'parent'>,
  episode: Pick<Episode, 'history'>,
): string {
  return JSON.stringify({
    history: episode.history,
    input: instance.input === null ? null : JSON.parse(instance.input),
    instanceId: instance.instanceId,
    isReplaying: episode.history.some((event) => event.IsPlayed),
    parentInstanceId: instance.parent?.instanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
}

/**
 * What an instance becomes when an episode's orchestrator has answered: new history, pending work and status. `instance` is
 * the latest record, which may hold more messages than the episode took.
 */
export function conclude(
  instance: Instance,
  episode: Episode,
  answer: OrchestratorAnswer,
  known: KnownFunctions,
): Conclusion {
  const base: Instance = {
    ...instance,
    inbox: instance.inbox.slice(episode.taken),
    lastUpdatedTime: new Date(episode.at).toISOString(),
    customStatus: answer.customStatus,
    status: instance.status === 'Suspended' ? 'Suspended' : 'Running',
  };
  let found: Replay;
  try {
    found = replay(episode.history, answer.actions);
  } catch (error) {
    return fail(base, episode, episode.history, reasonOf(error), true);
  }
  const scheduled = found.decisions.map((decision) => toEvent(instance, decision, episode.at));
  const history = [...episode.history, ...scheduled];
  const worked = { ...base, ...nextWork(instance, found, episode) };

  const wrong = unknownFunction(found.decisions, known) ?? tooLargeStatus(answer.customStatus);
  // Nothing of this episode is kept, so that a rewind after the correction decides anew.
  if (wrong !== undefined) return fail(base, episode, episode.history, wrong, false);

  if (answer.isDone && found.unsettled === undefined && found.open.size === 0) {
    if (answer.error !== undefined) return fail(base, episode, history, answer.error, false);
    if (found.continueAsNew) return { instance: restart(worked, found.continueAsNew, episode.at) };
    return { instance: finish(worked, episode, history, 'Completed', answer.output) };
  }
  if (isStuck(worked, found)) {
    const what = found.unsettled ? describeAction(found.unsettled) : 'nothing that this host knows of';
    const message =
      `Stuck orchestration: it waits for ${what}, and nothing is open that could answer. On Azure it would stay ` +
      'Running for ever. Usual causes: one task yielded twice, an event name in another case, a retry time-out.';
    return fail(base, episode, history, message, true);
  }
  return { instance: { ...worked, history: [...history, completedMark(episode.at)] } };
}

/** Nothing open, nothing waited for, nothing on its way: no message will ever come. */
function isStuck(instance: Instance, found: Replay): boolean {
  return found.open.size === 0 && found.waitingFor.length === 0 && instance.inbox.length === 0;
}

function nextWork(instance: Instance, found: Replay, episode: Episode): Pick<Instance, 'pending' | 'failed'> {
  const fresh = found.decisions.map((decision) => [String(decision.id), toWork(instance, decision)] as const);
  const all = Object.fromEntries([...Object.entries(instance.pending), ...fresh]);
  const failedNow = episode.history
    .slice(-episode.taken)
    .filter(isFailure)
    .map((event) => String(answeredId(event)));
  return {
    pending: Object.fromEntries(Object.entries(all).filter(([id]) => found.open.has(Number(id)))),
    failed: {
      ...instance.failed,
      ...Object.fromEntries(Object.entries(instance.pending).filter(([id]) => failedNow.includes(id))),
    },
  };
}

function childId(instance: Instance, decision: Decision & { kind: 'subOrchestration' }): string {
  return decision.instanceId ?? `${instance.executionId}:${decision.id}`;
}

function toWork(instance: Instance, decision: Decision): Work {
  switch (decision.kind) {
    case 'activity':
      return { kind: 'activity', name: decision.name, input: decision.input };
    case 'timer':
      return { kind: 'timer', fireAt: decision.fireAt };
    case 'subOrchestration':
      return {
        kind: 'subOrchestration',
        name: decision.name,
        instanceId: childId(instance, decision),
        version: decision.version ?? instance.version,
        input: decision.input === null ? null : JSON.stringify(decision.input),
      };
  }
}

function toEvent(instance: Instance, decision: Decision, at: number): Scheduled {
  const common = { EventId: decision.id, IsPlayed: false, Timestamp: new Date(at).toISOString() };
  switch (decision.kind) {
    case 'activity':
      return { ...common, EventType: EventType.TaskScheduled, Name: decision.name, Version: '', Input: null };
    case 'timer':
      return {
        ...common,
        EventType: EventType.TimerCreated,
        FireAt: new Date(decision.fireAt).toISOString(),
      };
    case 'subOrchestration':
      return {
        ...common,
        EventType: EventType.SubOrchestrationInstanceCreated,
        Name: decision.name,
        Version: decision.version ?? instance.version,
        InstanceId: childId(instance, decision),
        Input: null,
      };
  }
}

function restart(instance: Instance, next: NonNullable<Replay['continueAsNew']>, at: number): Instance {
  const { name, instanceId, version, parent } = instance;
  const input = next.input === null ? null : JSON.stringify(next.input);
  const fresh = createInstance({ name, instanceId, version, input, ...(parent ? { parent } : {}) }, at);
  const late = instance.inbox.filter((message) => message.EventType === EventType.EventRaised);
  return {
    ...fresh,
    status: instance.status,
    customStatus: instance.customStatus,
    inbox: [...fresh.inbox, ...next.carriedOver, ...late],
  };
}

function fail(
  instance: Instance,
  episode: Episode,
  history: readonly HistoryEvent[],
  error: string,
  complain: boolean,
): Conclusion {
  const output = `Orchestrator function '${instance.name}' failed: ${error}`;
  const failed = finish(instance, episode, history, 'Failed', output);
  return {
    // Failures of this very episode can be rewound, too.
    instance: { ...failed, failed: { ...instance.failed, ...failuresOf(instance, episode) } },
    ...(complain ? { complaint: `Orchestration '${instance.instanceId}' (${instance.name}): ${error}` } : {}),
  };
}

function failuresOf(instance: Instance, episode: Episode): Record<string, Work> {
  const ids = episode.history.filter(isFailure).map((event) => String(answeredId(event)));
  return Object.fromEntries(Object.entries(instance.pending).filter(([id]) => ids.includes(id)));
}

function finish(
  instance: Instance,
  episode: Episode,
  history: readonly HistoryEvent[],
  status: 'Completed' | 'Failed',
  output: unknown,
): Instance {
  const completed: HistoryEvent = {
    ...stamp(episode.at),
    EventId: history.reduce((highest, event) => Math.max(highest, event.EventId), -1) + 1,
    EventType: EventType.ExecutionCompleted,
    OrchestrationStatus: status === 'Completed' ? 1 : 3,
    Result: JSON.stringify(output ?? null),
  };
  return {
    ...instance,
    status,
    output: output ?? null,
    pending: {},
    inbox: [],
    history: [...history, completed, completedMark(episode.at)],
  };
}

function completedMark(at: number): HistoryEvent {
  return { ...stamp(at), EventType: EventType.OrchestratorCompleted };
}

function unknownFunction(decisions: readonly Decision[], known: KnownFunctions): string | undefined {
  for (const decision of decisions) {
    if (decision.kind === 'timer') continue;
    const [names, what] =
      decision.kind === 'activity' ? [known.activities, 'activity'] : [known.orchestrators, 'orchestrator'];
    if (names.has(decision.name.toLowerCase())) continue;
    return `The function '${decision.name}' doesn't exist, is disabled, or is not an ${what} function. Known: ${[...names].join(', ') || 'none'}.`;
  }
  return undefined;
}

function tooLargeStatus(customStatus: unknown): string | undefined {
  const bytes = 2 * (JSON.stringify(customStatus)?.length ?? 0);
  if (bytes <= CUSTOM_STATUS_LIMIT_BYTES) return undefined;
  return `The custom status has ${bytes} bytes in UTF-16, more than the ${CUSTOM_STATUS_LIMIT_BYTES} that Azure allows. Put less into it.`;
}
