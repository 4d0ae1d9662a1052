import { describe, expect, test } from 'vitest';
import type { Action, RetryOptions } from '../../../local/host/durable/actions.ts';
import type { HistoryEvent } from '../../../local/host/durable/history.ts';
import { EventType, stamp } from '../../../local/host/durable/history.ts';
import { ReplayError, replay } from '../../../local/host/durable/replay.ts';

const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 24 * 3_600_000;

const activity = (name: string, retry?: RetryOptions): Action => ({
  kind: 'activity',
  name,
  input: null,
  ...(retry ? { retry } : {}),
});
const timer = (fireAt: number, cancelled = false): Action => ({ kind: 'timer', fireAt, cancelled });
const event = (name: string): Action => ({ kind: 'event', name });
const all = (...children: Action[]): Action => ({ kind: 'all', children });
const any = (...children: Action[]): Action => ({ kind: 'any', children });
const retries = (maxAttempts: number, extra: Partial<RetryOptions> = {}): RetryOptions => ({
  firstIntervalMs: 1_000,
  maxAttempts,
  backoff: 2,
  maxIntervalMs: Number.POSITIVE_INFINITY,
  timeoutMs: Number.POSITIVE_INFINITY,
  ...extra,
});

const turn = (at = T0): HistoryEvent => ({ ...stamp(at), EventType: EventType.OrchestratorStarted });
const begun: HistoryEvent = {
  ...stamp(T0),
  EventType: EventType.ExecutionStarted,
  OrchestrationInstance: { InstanceId: 'i', ExecutionId: 'e' },
  ParentInstance: null,
  Name: 'o',
  Version: '',
  Input: null,
  Tags: null,
};
const start = [turn(), begun];
const scheduled = (id: number, name: string): HistoryEvent => ({
  ...stamp(T0),
  EventId: id,
  EventType: EventType.TaskScheduled,
  Name: name,
  Version: '',
  Input: null,
});
const created = (id: number): HistoryEvent => ({
  ...stamp(T0),
  EventId: id,
  EventType: EventType.TimerCreated,
  FireAt: stamp(T0).Timestamp,
});
const completed = (id: number): HistoryEvent => ({
  ...stamp(T0),
  EventType: EventType.TaskCompleted,
  TaskScheduledId: id,
  Result: null,
});
const failed = (id: number): HistoryEvent => ({
  ...stamp(T0),
  EventType: EventType.TaskFailed,
  TaskScheduledId: id,
  Reason: '',
  Details: '',
  FailureDetails: null,
});
const fired = (id: number): HistoryEvent => ({
  ...stamp(T0),
  EventType: EventType.TimerFired,
  TimerId: id,
  FireAt: stamp(T0).Timestamp,
});
const raised = (Name: string): HistoryEvent => ({
  ...stamp(T0),
  EventType: EventType.EventRaised,
  Name,
  Input: 'null',
});

/** New decisions in words: "0:a" for an activity, "1:+2000" for a timer two seconds after T0. */
function decided(history: HistoryEvent[], actions: Action[]): string[] {
  return replay(history, actions).decisions.map((decision) =>
    decision.kind === 'timer' ? `${decision.id}:+${decision.fireAt - T0}` : `${decision.id}:${decision.name}`,
  );
}

const noRetry: [string, HistoryEvent[], Action[], string[]][] = [
  ['the first action', start, [activity('a'), activity('b')], ['0:a']],
  ['nothing while it is open', [...start, scheduled(0, 'a')], [activity('a')], []],
  [
    'the next action after an answer',
    [...start, scheduled(0, 'a'), completed(0)],
    [activity('a'), activity('b')],
    ['1:b'],
  ],
  [
    'the next action after a failure',
    [...start, scheduled(0, 'a'), failed(0)],
    [activity('a'), activity('b')],
    ['1:b'],
  ],
  [
    'a fan-out, depth first',
    start,
    [all(activity('a'), any(activity('b'), timer(T0 + 5)), activity('c'))],
    ['0:a', '1:b', '2:+5', '3:c'],
  ],
  ['no id for an event', start, [any(event('go'), timer(T0 + 5)), activity('a')], ['0:+5']],
  [
    'the action after all children',
    [...start, scheduled(0, 'a'), scheduled(1, 'b'), completed(1)],
    [all(activity('a'), activity('b')), activity('c')],
    [],
  ],
  [
    'also when one has failed',
    [...start, scheduled(0, 'a'), scheduled(1, 'b'), failed(0), completed(1)],
    [all(activity('a'), activity('b')), activity('c')],
    ['2:c'],
  ],
  [
    'the action after the first of any',
    [...start, created(0), raised('go')],
    [any(event('go'), timer(T0 + 5, true)), activity('c')],
    ['1:c'],
  ],
  [
    'a buffered event',
    [...start, raised('go'), scheduled(0, 'a'), completed(0)],
    [activity('a'), event('go'), activity('b')],
    ['1:b'],
  ],
  ['an event in another case', [...start, raised('GO')], [event('go'), activity('b')], ['0:b']],
  ['a timer of seven days in pieces', start, [timer(T0 + 7 * DAY)], [`0:+${3 * DAY}`]],
  [
    'its next piece',
    [...start, created(0), turn(T0 + 3 * DAY), fired(0)],
    [timer(T0 + 7 * DAY)],
    [`1:+${7 * DAY}`],
  ],
];

const withRetry: [string, HistoryEvent[], Action[], string[]][] = [
  [
    'a timer after a failure',
    [...start, scheduled(0, 'a'), failed(0)],
    [activity('a', retries(3))],
    ['1:+1000'],
  ],
  [
    'the second attempt after it',
    [...start, scheduled(0, 'a'), failed(0), created(1), fired(1)],
    [activity('a', retries(3))],
    ['2:a'],
  ],
  [
    'a longer timer, counted from the turn that saw the failure',
    [
      ...start,
      scheduled(0, 'a'),
      failed(0),
      created(1),
      fired(1),
      scheduled(2, 'a'),
      turn(T0 + 1_500),
      failed(2),
    ],
    [activity('a', retries(3))],
    ['3:+3500'],
  ],
  [
    'a timer that is due at once after the last failure',
    [...start, scheduled(0, 'a'), failed(0)],
    [activity('a', retries(1)), activity('b')],
    ['1:+0'],
  ],
  [
    'the next action after that',
    [...start, scheduled(0, 'a'), failed(0), created(1), fired(1)],
    [activity('a', retries(1)), activity('b')],
    ['2:b'],
  ],
  [
    'a capped delay',
    [...start, scheduled(0, 'a'), failed(0)],
    [activity('a', retries(3, { maxIntervalMs: 400 }))],
    ['1:+400'],
  ],
  [
    'no timer when time is up',
    [...start, scheduled(0, 'a'), turn(T0 + 50), failed(0)],
    [activity('a', retries(3, { timeoutMs: 50 })), activity('b')],
    ['1:b'],
  ],
  [
    'ids in the order of the answers, when several come in one turn',
    [...start, scheduled(0, 'a'), scheduled(1, 'b'), failed(1), failed(0)],
    [all(activity('a', retries(3)), activity('b', retries(3, { firstIntervalMs: 7 })))],
    ['2:+7', '3:+1000'],
  ],
];

describe('replay decides', () => {
  test.each([...noRetry, ...withRetry])('%s', (_, history, actions, expected) => {
    expect(decided(history, actions)).toEqual(expected);
  });
});

describe('replay reports', () => {
  test('what is open, without cancelled timers', () => {
    expect([...replay(start, [any(timer(T0, true), activity('a')), activity('b')]).open]).toEqual([1, 2]);
  });

  test('what is waited for, and the action that is not settled', () => {
    const found = replay(start, [event('Go')]);
    expect([found.waitingFor, found.unsettled]).toEqual([['Go'], event('Go')]);
  });

  test('the latest waiter gets the event', () => {
    const found = replay(
      [...start, scheduled(0, 'a'), completed(0), raised('go')],
      [any(event('go'), activity('a')), event('go')],
    );
    expect([found.waitingFor, found.unsettled]).toEqual([['go'], undefined]);
  });

  test('continueAsNew keeps what comes after it, and loses what was buffered before', () => {
    const history = [...start, raised('before'), scheduled(0, 'a'), completed(0), raised('after')];
    const found = replay(history, [activity('a'), { kind: 'continueAsNew', input: 1 }]);
    expect(found.continueAsNew?.carriedOver.map((each) => each.Name)).toEqual(['after']);
  });

  test('an answer that comes twice counts once', () => {
    const history = [...start, scheduled(0, 'a'), completed(0), completed(0)];
    expect(decided(history, [activity('a'), activity('b'), activity('c')])).toEqual(['1:b']);
  });

  test.each([
    [
      'another name',
      [...start, scheduled(0, 'other')],
      "step 0 was activity 'other' before and is activity 'a' now",
    ],
    ['another kind', [...start, created(0)], "step 0 was a timer before and is activity 'a' now"],
    ['nothing', [...start, scheduled(0, 'a'), completed(0), scheduled(1, 'b')], 'and is nothing now'],
  ])('non-determinism: %s', (_, history, message) => {
    expect(() => replay(history, [activity('a')])).toThrow(ReplayError);
    expect(() => replay(history, [activity('a')])).toThrow(message);
  });
});
