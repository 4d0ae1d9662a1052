import type { Action, RetryOptions } from './actions.ts';
import type { EventRaised, HistoryEvent } from './history.ts';
import { answeredId, EventType, isFailure } from './history.ts';

/**
 * Replay: which of an orchestrator's actions are new, and under which ids.
 *
 * The SDK hands back a list of actions without ids; it and the host must number them alike, or answers go to the wrong
 * task. The Durable extension gets the numbers by running the list through the Durable Task Framework against the history.
 * This does the same, synchronously: continuations run inside `settle`, so that retries, long timers and the next action
 * take their ids at the very event that the SDK sees. Nothing here reads a clock or touches the world.
 */

const LONGEST_TIMER_MS = 6 * 24 * 3_600_000;
const LONG_TIMER_STEP_MS = 3 * 24 * 3_600_000;

/** Something an orchestrator asks for. `input` is as the SDK wrote it; `fireAt` is milliseconds since 1970. */
export type Decision =
  | { readonly kind: 'activity'; readonly id: number; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'subOrchestration';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly instanceId?: string;
      readonly version?: string;
    }
  | { readonly kind: 'timer'; readonly id: number; readonly fireAt: number };

export interface Replay {
  /** Decisions that the history does not know yet, by id. */
  readonly decisions: readonly Decision[];
  /** Ids of activities, sub-orchestrations and timers (cancelled ones excepted) without an answer, new ones included. */
  readonly open: ReadonlySet<number>;
  /** Names of the external events that are waited for. */
  readonly waitingFor: readonly string[];
  /** The first action that has not settled; undefined when all have. */
  readonly unsettled: Action | undefined;
  readonly continueAsNew:
    | { readonly input: unknown; readonly carriedOver: readonly EventRaised[] }
    | undefined;
}

/** The orchestrator decided otherwise than last time, or wants what this host does not do. Fails the orchestration. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/**
 * Runs `actions` against `history`. Throws ReplayError when the history holds a decision that the actions do not lead to
 * (compared by id, kind and name, never by input), or for an unsupported action.
 */
export function replay(history: readonly HistoryEvent[], actions: readonly Action[]): Replay {
  const run = new Run(actions);
  for (const event of history) run.apply(event);
  return run.result();
}

/** A promise whose continuations run synchronously, and that carries no value: only whether it failed matters here. */
class Task {
  #listeners: ((failed: boolean) => void)[] | undefined = [];
  #failed = false;

  get settled(): boolean {
    return this.#listeners === undefined;
  }

  settle(failed: boolean): void {
    const listeners = this.#listeners;
    if (!listeners) return;
    this.#listeners = undefined;
    this.#failed = failed;
    for (const listener of listeners) listener(failed);
  }

  onSettled(listener: (failed: boolean) => void): void {
    if (this.#listeners) this.#listeners.push(listener);
    else listener(this.#failed);
  }
}

class Run {
  readonly #actions: readonly Action[];
  #at = 0;
  #now = 0;
  #nextId = 0;
  readonly #decisions = new Map<number, Decision>();
  readonly #open = new Map<number, Task>();
  readonly #waiters = new Map<string, { name: string; stack: Task[] }>();
  readonly #buffered = new Map<string, number>();
  #continueAsNew: { input: unknown; carriedOver: EventRaised[] } | undefined;

  constructor(actions: readonly Action[]) {
    this.#actions = actions;
  }

  result(): Replay {
    return {
      decisions: [...this.#decisions.values()],
      open: new Set(this.#open.keys()),
      waitingFor: [...this.#waiters.values()]
        .filter((each) => each.stack.length > 0)
        .map((each) => each.name),
      unsettled: this.#actions[this.#at],
      continueAsNew: this.#continueAsNew,
    };
  }

  apply(event: HistoryEvent): void {
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        this.#now = Math.max(this.#now, Date.parse(event.Timestamp));
        return;
      case EventType.ExecutionStarted:
        this.#advance();
        return;
      case EventType.TaskScheduled:
        this.#confirm(event.EventId, 'activity', event.Name);
        return;
      case EventType.SubOrchestrationInstanceCreated:
        this.#confirm(event.EventId, 'subOrchestration', event.Name);
        return;
      case EventType.TimerCreated:
        this.#confirm(event.EventId, 'timer', undefined);
        return;
      case EventType.EventRaised:
        this.#raise(event);
        return;
      default: {
        const id = answeredId(event);
        if (id === undefined) return;
        const task = this.#open.get(id);
        this.#open.delete(id);
        task?.settle(isFailure(event));
      }
    }
  }

  /** Starts actions one after another for as long as they settle at once. */
  #advance(): void {
    for (;;) {
      const action = this.#actions[this.#at];
      if (!action) return;
      const task = this.#start(action);
      if (!task.settled) {
        task.onSettled(() => {
          this.#at++;
          this.#advance();
        });
        return;
      }
      this.#at++;
    }
  }

  #start(action: Action): Task {
    switch (action.kind) {
      case 'activity':
      case 'subOrchestration': {
        const { retry, ...decision } = action;
        const call = () => this.#decide((id) => ({ ...decision, id }));
        return retry ? this.#retry(call, retry) : call();
      }
      case 'timer':
        return this.#timer(action.fireAt, action.cancelled);
      case 'event':
        return this.#wait(action.name);
      case 'any': {
        const task = new Task();
        // All children start, and take their ids, before the first one that is already settled counts.
        for (const child of action.children.map((each) => this.#start(each)))
          child.onSettled(() => task.settle(false));
        return task;
      }
      case 'all':
        return this.#all(action.children.map((each) => this.#start(each)));
      case 'continueAsNew':
        this.#continueAsNew = { input: action.input, carriedOver: [] };
        return settled(false);
      case 'unsupported':
        throw new ReplayError(
          `The local host does not support ${action.what}. Use activities, or run against Azure.`,
        );
    }
  }

  #decide(make: (id: number) => Decision): Task {
    const id = this.#nextId++;
    const task = new Task();
    this.#decisions.set(id, make(id));
    this.#open.set(id, task);
    return task;
  }

  /** The host waits for every child, though the SDK goes on at the first failure: so does the extension. */
  #all(children: readonly Task[]): Task {
    const task = new Task();
    let left = children.length;
    let anyFailed = false;
    for (const child of children) {
      child.onSettled((failed) => {
        anyFailed ||= failed;
        left--;
        if (left === 0) task.settle(anyFailed);
      });
    }
    return task;
  }

  /** After the last failure there is one more timer, due at once: the SDK waits for it. */
  #retry(call: () => Task, options: RetryOptions): Task {
    const task = new Task();
    const startedAt = this.#now;
    const attempt = (number: number): void =>
      call().onSettled((failed) => {
        if (!failed) return task.settle(false);
        if (this.#now - startedAt >= options.timeoutMs) return task.settle(true);
        const last = number >= options.maxAttempts;
        const delay = Math.min(
          options.firstIntervalMs * options.backoff ** (number - 1),
          options.maxIntervalMs,
        );
        const timer = this.#shortTimer(last ? this.#now : this.#now + delay);
        timer.onSettled(() => (last ? task.settle(true) : attempt(number + 1)));
      });
    attempt(1);
    return task;
  }

  #timer(fireAt: number, cancelled: boolean): Task {
    if (cancelled) {
      const id = this.#nextId;
      this.#shortTimer(this.#step(fireAt));
      this.#open.delete(id);
      return settled(true);
    }
    const task = new Task();
    const next = (): void =>
      this.#shortTimer(this.#step(fireAt)).onSettled(() =>
        fireAt > this.#now ? next() : task.settle(false),
      );
    next();
    return task;
  }

  /** When a timer that is further away than six days fires next. */
  #step(fireAt: number): number {
    return fireAt - this.#now > LONGEST_TIMER_MS ? this.#now + LONG_TIMER_STEP_MS : fireAt;
  }

  #shortTimer(fireAt: number): Task {
    return this.#decide((id) => ({ kind: 'timer', id, fireAt }));
  }

  #wait(name: string): Task {
    const key = name.toLowerCase();
    const buffered = this.#buffered.get(key) ?? 0;
    if (buffered > 0) {
      this.#buffered.set(key, buffered - 1);
      return settled(false);
    }
    const task = new Task();
    const waiters = this.#waiters.get(key) ?? { name, stack: [] };
    waiters.stack.push(task);
    this.#waiters.set(key, waiters);
    return task;
  }

  /** Names match without regard to case, the latest waiter first; both as in the extension. */
  #raise(event: EventRaised): void {
    if (this.#continueAsNew) {
      this.#continueAsNew.carriedOver.push(event);
      return;
    }
    const key = event.Name.toLowerCase();
    const waiter = this.#waiters.get(key)?.stack.pop();
    if (waiter) waiter.settle(false);
    else this.#buffered.set(key, (this.#buffered.get(key) ?? 0) + 1);
  }

  #confirm(id: number, kind: Decision['kind'], name: string | undefined): void {
    const decision = this.#decisions.get(id);
    const now = decision && (decision.kind === 'timer' ? 'a timer' : `${decision.kind} '${decision.name}'`);
    const before = name === undefined ? 'a timer' : `${kind} '${name}'`;
    if (now !== before) {
      throw new ReplayError(
        `Non-deterministic orchestration: step ${id} was ${before} before and is ${now ?? 'nothing'} now. ` +
          'An orchestrator must decide the same on every replay: no clock, chance, I/O or settings of its own, ' +
          'and no change of its code under running instances.',
      );
    }
    this.#decisions.delete(id);
  }
}

function settled(failed: boolean): Task {
  const task = new Task();
  task.settle(failed);
  return task;
}
