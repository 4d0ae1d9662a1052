import { DummyOrchestrationContext, type OrchestrationHandler } from 'durable-functions';
import { createOrchestrator } from 'durable-functions/lib/src/util/testingUtils.js';
import { parseFailure, parseState } from '../host/durable/actions.ts';
import { triggerText } from '../host/durable/episode.ts';
import type { HistoryEvent } from '../host/durable/history.ts';
import { EventType } from '../host/durable/history.ts';
import { type Decision, replay } from '../host/durable/replay.ts';
import { reasonOf } from '../host/host-error.ts';

/** One orchestration as it really happened: what it was started with and its history, in the shape the SDK reads. */
export interface RecordedInstance {
  readonly name: string;
  readonly instanceId: string;
  /** JSON text or null. */
  readonly input: string | null;
  readonly history: readonly HistoryEvent[];
}

/** What an orchestrator answered to one delivery of messages. */
export interface Turn {
  readonly decisions: readonly Decision[];
  /** Only when it ended with this turn. */
  readonly end?:
    | { readonly output: unknown }
    | { readonly error: string }
    | { readonly continuesWith: unknown };
}

const SCHEDULED: readonly number[] = [
  EventType.TaskScheduled,
  EventType.TimerCreated,
  EventType.SubOrchestrationInstanceCreated,
];
const MARKS: readonly number[] = [EventType.OrchestratorCompleted, EventType.ExecutionCompleted];

/**
 * Lets `handler` relive a recorded orchestration, each turn from the start of the history, as the durable engine does after
 * a deploy: a run may be met after any turn. Throws a ReplayError when a turn contradicts what was recorded before it.
 */
export async function relive(instance: RecordedInstance, handler: OrchestrationHandler): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const history of deliveries(instance.history)) turns.push(await answer(instance, history, handler));
  return turns;
}

/** The history as each turn saw it: everything before as played, then its own messages. */
function deliveries(history: readonly HistoryEvent[]): HistoryEvent[][] {
  const starts = history.flatMap((event, at) =>
    event.EventType === EventType.OrchestratorStarted ? [at] : [],
  );
  return starts.flatMap((start, turn) => {
    const rest = history.slice(start, starts[turn + 1] ?? history.length);
    const messages = rest.filter(({ EventType: type }) => ![...SCHEDULED, ...MARKS].includes(type));
    // From outside, at once: the orchestrator is not asked any more.
    const ended = messages.findIndex(({ EventType: type }) => type === EventType.ExecutionTerminated);
    const seen = ended < 0 ? messages : messages.slice(0, ended);
    const before = history.slice(0, start).map((event) => ({ ...event, IsPlayed: true }));
    return [[...before, ...seen.map((event) => ({ ...event, IsPlayed: false }))]];
  });
}

async function answer(
  { name, instanceId, input }: RecordedInstance,
  history: readonly HistoryEvent[],
  handler: OrchestrationHandler,
): Promise<Turn> {
  const context = new DummyOrchestrationContext(name) as Parameters<ReturnType<typeof createOrchestrator>>[1];
  const trigger: unknown = JSON.parse(triggerText({ instanceId, input, parent: null }, { history }));
  const said = await createOrchestrator(handler)(trigger, context).then(parseState, (thrown: unknown) =>
    parseFailure(reasonOf(thrown)),
  );
  const { decisions, continueAsNew, unsettled, open } = replay(history, said.actions);
  if (!said.isDone || unsettled !== undefined || open.size > 0) return { decisions };
  if (said.error !== undefined) return { decisions, end: { error: said.error } };
  if (continueAsNew) return { decisions, end: { continuesWith: continueAsNew.input } };
  return { decisions, end: { output: said.output } };
}
