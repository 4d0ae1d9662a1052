import { createRequire } from 'node:module';
import * as df from 'durable-functions';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrchestratorAnswer } from '../../../local/host/durable/actions.ts';
import { parseFailure, parseState } from '../../../local/host/durable/actions.ts';
import { conclude, nextEpisode, triggerText } from '../../../local/host/durable/episode.ts';
import type { Message } from '../../../local/host/durable/history.ts';
import { EventType, stamp } from '../../../local/host/durable/history.ts';
import type { Instance } from '../../../local/host/durable/instance.ts';
import { createInstance, isFinal } from '../../../local/host/durable/instance.ts';
import { activityFailed, receive } from '../../../local/host/durable/transitions.ts';

/**
 * Random programs run by the real SDK against our replay. However the answers are batched, and however often the record goes
 * through its file, a program must end as it does when they come one at a time, and nothing may get stuck.
 */

type Step =
  | { readonly kind: 'activity'; readonly name: string; readonly failures: number }
  | { readonly kind: 'retry'; readonly name: string; readonly failures: number; readonly attempts: number }
  | { readonly kind: 'timer' }
  | { readonly kind: 'event'; readonly name: string }
  | { readonly kind: 'all'; readonly steps: readonly Step[] }
  | { readonly kind: 'anyOfOne'; readonly step: Step };

const name = fc.stringMatching(/^[a-z]{3}$/);
const leaf = fc.oneof(
  fc.record({ kind: fc.constant('activity' as const), name, failures: fc.constantFrom(0, 0, 0, 1) }),
  fc.record({
    kind: fc.constant('retry' as const),
    name,
    failures: fc.nat(3),
    attempts: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('timer' as const) }),
  fc.record({ kind: fc.constant('event' as const), name: fc.constantFrom('go', 'stop') }),
);
/** A failed sibling would be seen by the SDK before the host: then ids drift apart on Azure, too. So these succeed. */
const safeLeaf = leaf.map((step): Step => {
  if (step.kind === 'activity') return { ...step, failures: 0 };
  if (step.kind === 'retry') return { ...step, failures: Math.min(step.failures, step.attempts - 1) };
  return step;
});
const step: fc.Arbitrary<Step> = fc.oneof(
  leaf,
  fc.record({ kind: fc.constant('all' as const), steps: fc.array(safeLeaf, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('anyOfOne' as const), step: safeLeaf }),
);
const program = fc.array(step, { minLength: 1, maxLength: 6 });

function orchestratorOf(steps: readonly Step[]) {
  return function* (context: df.OrchestrationContext): Generator<df.Task, unknown, unknown> {
    let unique = 0;
    const task = (each: Step): df.Task => {
      switch (each.kind) {
        case 'activity':
        case 'retry': {
          const input = { key: `${each.name}-${unique++}`, failures: each.failures };
          return each.kind === 'activity'
            ? context.df.callActivity('work', input)
            : context.df.callActivityWithRetry('work', new df.RetryOptions(10, each.attempts), input);
        }
        case 'timer':
          return context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 50));
        case 'event':
          return context.df.waitForExternalEvent(each.name);
        case 'all':
          return context.df.Task.all(each.steps.map(task));
        case 'anyOfOne':
          return context.df.Task.any([task(each.step)]);
      }
    };
    const seen: unknown[] = [];
    for (const each of steps) {
      try {
        const value = yield task(each);
        seen.push(each.kind === 'anyOfOne' || each.kind === 'timer' ? each.kind : value);
      } catch {
        seen.push('failed');
      }
    }
    return seen;
  };
}

/** What df.app.orchestration registers for a generator; the package exports it only under this path. */
const { createOrchestrator } = createRequire(import.meta.url)(
  'durable-functions/lib/src/util/testingUtils.js',
) as { createOrchestrator: (fn: unknown) => (trigger: unknown, context: object) => Promise<unknown> };

const known = { activities: new Set(['work']), orchestrators: new Set<string>() };

/** Plays the world: answers pending work in an order, and in batches, that `choose` decides. Its clock only counts. */
async function play(
  steps: readonly Step[],
  choose: (below: number) => number,
  restart: boolean,
): Promise<Instance> {
  const handler = createOrchestrator(orchestratorOf(steps));
  const ask = async (text: string): Promise<OrchestratorAnswer> => {
    try {
      return parseState(JSON.parse(JSON.stringify(await handler(JSON.parse(text), {}))));
    } catch (error) {
      return parseFailure(error instanceof Error ? error.message : String(error));
    }
  };
  let now = Date.parse('2026-01-01T00:00:00Z');
  const tries = new Map<string, number>();
  const answered = new Set<string>();
  let instance = createInstance({ name: 'program', instanceId: 'i', input: null, version: '' }, now);
  for (const which of ['go', 'stop']) {
    // Enough events for every wait, there before anybody waits.
    for (let count = 0; count < 30; count++) {
      instance = received(instance, {
        ...stamp(now),
        EventType: EventType.EventRaised,
        Name: which,
        Input: JSON.stringify(which),
      });
    }
  }
  for (let turn = 0; turn < 500 && !isFinal(instance.status); turn++) {
    now += 5;
    const episode = nextEpisode(instance, now);
    if (episode) {
      const answer = await ask(triggerText(instance, episode));
      instance = conclude(instance, episode, answer, known).instance;
      if (restart) instance = JSON.parse(JSON.stringify(instance));
      continue;
    }
    const waiting = Object.keys(instance.pending).filter((id) => !answered.has(id));
    if (waiting.length === 0) break;
    for (let left = 1 + choose(waiting.length); left > 0; left--) {
      const [id] = waiting.splice(choose(waiting.length), 1);
      if (id === undefined) break;
      answered.add(id);
      instance = received(instance, answerFor(instance, id, tries, now));
    }
  }
  return instance;
}

function received(instance: Instance, message: Message): Instance {
  const next = receive(instance, message);
  if (!next) throw new Error('a message was refused');
  return next;
}

function answerFor(instance: Instance, id: string, tries: Map<string, number>, now: number): Message {
  const work = instance.pending[id];
  if (work?.kind === 'timer') {
    const FireAt = new Date(work.fireAt).toISOString();
    return {
      ...stamp(Math.max(now, work.fireAt)),
      EventType: EventType.TimerFired,
      TimerId: Number(id),
      FireAt,
    };
  }
  const input =
    work?.kind === 'activity' ? (work.input as { key: string; failures: number }) : { key: '', failures: 0 };
  const attempt = (tries.get(input.key) ?? 0) + 1;
  tries.set(input.key, attempt);
  if (attempt <= input.failures) return activityFailed(Number(id), 'work', new Error('no'), now);
  return {
    ...stamp(now),
    EventType: EventType.TaskCompleted,
    TaskScheduledId: Number(id),
    Result: JSON.stringify(`${input.key}#${attempt}`),
  };
}

/** What a program must end with, worked out without any engine. */
function expected(steps: readonly Step[]): unknown[] {
  let unique = 0;
  const outcome = (each: Step): unknown => {
    switch (each.kind) {
      case 'activity':
      case 'retry': {
        const key = `${each.name}-${unique++}`;
        const attempts = each.kind === 'activity' ? 1 : each.attempts;
        return each.failures < attempts ? `${key}#${each.failures + 1}` : 'failed';
      }
      case 'timer':
        return null;
      case 'event':
        // Not which of several: the latest waiter is served first.
        return each.name;
      case 'all':
        return each.steps.map(outcome);
      case 'anyOfOne':
        outcome(each.step);
        return each.kind;
    }
  };
  return steps.map((each) => (each.kind === 'timer' ? 'timer' : outcome(each)));
}

test('a program ends alike however its answers are batched, and through any number of restarts', async () => {
  await fc.assert(
    fc.asyncProperty(
      program,
      fc.infiniteStream(fc.nat(1_000)),
      fc.boolean(),
      async (steps, chance, restart) => {
        const single = await play(steps, () => 0, false);
        const batched = await play(steps, (below) => (chance.next().value ?? 0) % below, restart);
        expect([single.status, single.output]).toEqual(['Completed', expected(steps)]);
        expect([batched.status, batched.output]).toEqual([single.status, single.output]);
      },
    ),
    { numRuns: 300 },
  );
});
