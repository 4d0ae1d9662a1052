import { EventEmitter } from 'node:events';
import { reasonOf } from '../host-error.ts';
import type { Log } from '../log.ts';
import type { InvocationResponse, TypedData } from '../rpc.ts';
import type { OrchestratorAnswer } from './actions.ts';
import { parseFailure, parseState } from './actions.ts';
import { activityInput, activityResult } from './activity-data.ts';
import type { KnownFunctions } from './episode.ts';
import { conclude, nextEpisode, triggerText } from './episode.ts';
import type { Message } from './history.ts';
import { EventType, stamp } from './history.ts';
import type { Instance, Parent, StartRequest, Work } from './instance.ts';
import { createInstance, isFinal } from './instance.ts';
import type { Store } from './store.ts';
import { activityFailed, answerOf, receive, rewind, subOrchestrationFailed } from './transitions.ts';

/** setTimeout overflows beyond this and fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export interface EngineOptions {
  readonly store: Store;
  readonly log: Log;
  readonly maxConcurrentActivities: number;
  readonly known: KnownFunctions;
  /** Runs a function by name, without regard to case. */
  invoke(
    kind: 'activity' | 'orchestrator',
    name: string,
    data: TypedData,
    metadata: Record<string, TypedData>,
  ): Promise<InvocationResponse>;
}

/**
 * Runs orchestrations. Every change of an instance goes through `commit`: checkpoint first, then the side effects that the
 * difference to the record before calls for. After a restart, `resume` derives the same effects from the checkpoints.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #instances = new Map<string, Instance>();
  readonly #turning = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #waitingActivities: (() => Promise<void>)[] = [];
  #runningActivities = 0;
  #stopped = false;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get(instanceId: string): Instance | undefined {
    return this.#instances.get(instanceId);
  }

  list(): Instance[] {
    return [...this.#instances.values()];
  }

  /** Loads all checkpoints and takes up what was open: activities run again, timers are re-armed, answers are delivered. */
  resume(): void {
    for (const instance of this.#options.store.load()) this.#instances.set(instance.instanceId, instance);
    for (const instance of this.list()) {
      if (isFinal(instance.status)) continue;
      this.#begin(instance, Object.keys(instance.pending));
      this.#wake(instance.instanceId);
    }
  }

  /** Starts a new instance, in place of a finished one with that id. The caller has made sure that none is running. */
  start(request: StartRequest): Instance {
    const instance = createInstance(request, Date.now());
    this.commit(instance);
    return instance;
  }

  /** Accepts a message from outside: on disk before this returns. False when the instance has ended. */
  raise(instanceId: string, name: string, input: string): boolean {
    const instance = this.#instances.get(instanceId);
    const next =
      instance &&
      receive(instance, { ...stamp(Date.now()), EventType: EventType.EventRaised, Name: name, Input: input });
    if (next) this.commit(next);
    return next !== undefined;
  }

  /** Rewinds a failed instance, and before it the children whose failure it is due to. */
  rewind(instance: Instance, reason: string): void {
    for (const work of Object.values(instance.failed)) {
      const child = work.kind === 'subOrchestration' ? this.#instances.get(work.instanceId) : undefined;
      if (child?.status === 'Failed') this.rewind(child, reason);
    }
    this.commit(rewind(instance, reason, Date.now()));
  }

  /** Saves a record and does what it asks for that its predecessor did not. */
  commit(next: Instance): void {
    const before = this.#instances.get(next.instanceId);
    this.#options.store.save(next);
    this.#instances.set(next.instanceId, next);
    const known = before?.executionId === next.executionId ? before.pending : {};
    if (before) this.#disarm(before, next);
    this.#begin(
      next,
      Object.keys(next.pending).filter((id) => !(id in known)),
    );
    this.#changes.emit(next.instanceId);
    if (isFinal(next.status)) this.#answerParent(next);
    else this.#wake(next.instanceId);
  }

  purge(instanceId: string): void {
    this.#options.store.delete(instanceId);
    this.#instances.delete(instanceId);
  }

  /** Resolves with the instance once it has ended, or as it is after `timeoutMs`. */
  async finished(instanceId: string, timeoutMs: number): Promise<Instance | undefined> {
    const patience = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const instance = this.#instances.get(instanceId);
      if (!instance || isFinal(instance.status) || patience.aborted) return instance;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#changes.off(instanceId, done);
          patience.removeEventListener('abort', done);
          resolve();
        };
        this.#changes.on(instanceId, done);
        patience.addEventListener('abort', done);
      });
    }
  }

  /** No further episode or activity begins; what is under way and not yet checkpointed happens again after a restart. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wake(instanceId: string): void {
    if (this.#stopped || this.#turning.has(instanceId)) return;
    this.#turning.add(instanceId);
    // Not at once: answers that arrive together make one episode, else a fan-in would replay once for each.
    setImmediate(() => {
      this.#turn(instanceId)
        .catch((error: unknown) => this.#complain(`Orchestration '${instanceId}': ${reasonOf(error)}`))
        .finally(() => {
          this.#turning.delete(instanceId);
          const instance = this.#instances.get(instanceId);
          if (instance && canTurn(instance)) this.#wake(instanceId);
        });
    });
  }

  async #turn(instanceId: string): Promise<void> {
    const instance = this.#instances.get(instanceId);
    if (this.#stopped || !instance || !canTurn(instance)) return;
    const episode = nextEpisode(instance, Date.now());
    if (!episode) return;
    const answer = await this.#ask(instance.name, triggerText(instance, episode));
    const latest = this.#instances.get(instanceId);
    if (!latest || latest.executionId !== episode.executionId || isFinal(latest.status)) return;
    const { instance: next, complaint } = conclude(latest, episode, answer, this.#options.known);
    if (complaint !== undefined) this.#complain(complaint);
    this.commit(next);
  }

  async #ask(name: string, text: string): Promise<OrchestratorAnswer> {
    if (!this.#options.known.orchestrators.has(name.toLowerCase())) {
      return parseFailure(
        `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`,
      );
    }
    try {
      const response = await this.#options.invoke('orchestrator', name, { string: text }, {});
      return parseState(JSON.parse(response.returnValue?.json ?? 'null'));
    } catch (error) {
      return parseFailure(reasonOf(error));
    }
  }

  #begin(instance: Instance, ids: readonly string[]): void {
    for (const id of ids) {
      const work = instance.pending[id];
      if (work) this.#beginWork(instance, Number(id), work);
    }
  }

  #beginWork(instance: Instance, taskId: number, work: Work): void {
    const owner: Parent = { instanceId: instance.instanceId, executionId: instance.executionId, taskId };
    switch (work.kind) {
      case 'activity':
        this.#waitingActivities.push(() => this.#runActivity(owner, work.name, work.input));
        this.#nextActivity();
        return;
      case 'timer':
        this.#arm(owner, work.fireAt);
        return;
      case 'subOrchestration':
        this.#beginChild(owner, work);
        return;
    }
  }

  #nextActivity(): void {
    if (this.#stopped || this.#runningActivities >= this.#options.maxConcurrentActivities) return;
    const run = this.#waitingActivities.shift();
    if (!run) return;
    this.#runningActivities++;
    run().finally(() => {
      this.#runningActivities--;
      this.#nextActivity();
    });
  }

  async #runActivity(owner: Parent, name: string, input: unknown): Promise<void> {
    if (this.#asks(owner) === undefined) return;
    let answer: Message;
    try {
      const metadata = { instanceId: { string: JSON.stringify(owner.instanceId) } };
      const response = await this.#options.invoke('activity', name, activityInput(input), metadata);
      answer = {
        ...stamp(Date.now()),
        EventType: EventType.TaskCompleted,
        TaskScheduledId: owner.taskId,
        Result: activityResult(response),
      };
    } catch (error) {
      answer = activityFailed(owner.taskId, name, error, Date.now());
    }
    this.#deliver(owner, answer);
  }

  #arm(owner: Parent, fireAt: number): void {
    const key = timerKey(owner);
    const left = fireAt - Date.now();
    const ring = (): void => {
      this.#timers.delete(key);
      if (fireAt - Date.now() > 1) {
        this.#arm(owner, fireAt);
        return;
      }
      this.#deliver(owner, {
        ...stamp(Math.max(Date.now(), fireAt)),
        EventType: EventType.TimerFired,
        TimerId: owner.taskId,
        FireAt: new Date(fireAt).toISOString(),
      });
    };
    this.#timers.set(key, setTimeout(ring, Math.min(Math.max(left, 0), LONGEST_TIMEOUT_MS)));
  }

  #disarm(before: Instance, next: Instance): void {
    for (const id of Object.keys(before.pending)) {
      if (before.executionId === next.executionId && id in next.pending) continue;
      const key = timerKey({
        instanceId: before.instanceId,
        executionId: before.executionId,
        taskId: Number(id),
      });
      clearTimeout(this.#timers.get(key));
      this.#timers.delete(key);
    }
  }

  /** Starts a child, or, after a restart, finds the one that was started and asks only for its answer. */
  #beginChild(owner: Parent, work: Work & { kind: 'subOrchestration' }): void {
    const { name, instanceId, input, version } = work;
    const existing = this.#instances.get(instanceId);
    if (existing && sameParent(existing.parent, owner)) {
      if (isFinal(existing.status)) this.#answerParent(existing);
      return;
    }
    if (existing && !isFinal(existing.status)) {
      const reason = `An orchestration instance '${instanceId}' exists already and is ${existing.status}. Give each child an id of its own.`;
      this.#deliver(owner, subOrchestrationFailed(owner.taskId, reason, Date.now()));
      return;
    }
    this.start({ name, instanceId, input, version, parent: owner });
  }

  #answerParent(child: Instance): void {
    if (child.parent) this.#deliver(child.parent, answerOf(child, child.parent.taskId, Date.now()));
  }

  /** The owner's record if it (in the same execution) still wants the answer. */
  #asks(owner: Parent): Instance | undefined {
    const instance = this.#instances.get(owner.instanceId);
    return instance?.executionId === owner.executionId && owner.taskId in instance.pending
      ? instance
      : undefined;
  }

  #deliver(owner: Parent, answer: Message): void {
    const instance = this.#asks(owner);
    const next = instance && !this.#stopped ? receive(instance, answer) : undefined;
    if (!next) return;
    // A suspended instance may wait for long, so its answers are kept on disk; otherwise the episode that follows at once
    // writes them, and a kill before it means that the work is done again.
    if (next.status === 'Suspended') this.#options.store.save(next);
    this.#instances.set(next.instanceId, next);
    this.#wake(next.instanceId);
  }

  #complain(message: string): void {
    this.#options.log.host('error', message);
  }
}

/** Episodes run while there is something to see, and not while suspended. */
function canTurn(instance: Instance): boolean {
  return instance.inbox.length > 0 && !isFinal(instance.status) && instance.status !== 'Suspended';
}

function timerKey(owner: Parent): string {
  return `${owner.executionId}/${owner.taskId}`;
}

function sameParent(a: Parent | null, b: Parent): boolean {
  return a?.instanceId === b.instanceId && a.executionId === b.executionId && a.taskId === b.taskId;
}
