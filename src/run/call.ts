import type { OrchestrationContext, Task } from 'durable-functions';
import { RetryOptions } from 'durable-functions';
import type { Activities } from '../activities/contracts.ts';
import { addSeconds } from '../domain/duration.ts';
import type { Step } from '../domain/run.ts';

/** An orchestrator's steps: yields tasks, is resumed with their results. */
export type Steps<T> = Generator<Task, T, unknown>;

/** For what an activity did not expect (a crash, an unreachable storage); expected failures are values. */
const FIRST_RETRY_MS = 2_000;
const ATTEMPTS = 5;

/** How often a step may answer "pending" before it is given up. With the steps' own waits this is about ten minutes. */
const MAX_PENDING = 120;

function retryPolicy(): RetryOptions {
  const policy = new RetryOptions(FIRST_RETRY_MS, ATTEMPTS);
  policy.backoffCoefficient = 2;
  return policy;
}

/** Calls an activity by its name, with its own input and output types. */
export function* call<N extends keyof Activities>(
  context: OrchestrationContext,
  name: N,
  input: Activities[N]['input'],
): Steps<Activities[N]['output']> {
  return (yield context.df.callActivityWithRetry(name, retryPolicy(), input)) as Activities[N]['output'];
}

/** Activities that answer with a Step. */
type Stepwise = {
  [N in keyof Activities]: Activities[N]['output'] extends Step<unknown> ? N : never;
}[keyof Activities];

/**
 * Calls a stepwise activity again and again, waiting by durable timers, until it is done or failed. Gives up at `until`
 * (ISO 8601), too: what is there only when the window is over is of no use.
 */
export function* untilDone<N extends Stepwise>(
  context: OrchestrationContext,
  name: N,
  input: Activities[N]['input'],
  until: string,
): Steps<Exclude<Activities[N]['output'], { state: 'pending' }>> {
  let waitingFor = '';
  let next = input;
  for (let attempt = 0; attempt < MAX_PENDING; attempt++) {
    const step = yield* call(context, name, next);
    if (step.state !== 'pending') return step as Exclude<Activities[N]['output'], { state: 'pending' }>;
    if (step.soFar !== undefined) next = { ...input, soFar: step.soFar };
    waitingFor = step.waitingFor;
    if (context.df.currentUtcDateTime.getTime() >= Date.parse(until)) break;
    yield* sleep(context, step.retryAfterSeconds);
  }
  const gaveUp: Step<never> = {
    state: 'failed',
    error: `gave up waiting for ${waitingFor}`,
    advice:
      'Azure did not finish in time. Look at the service health of the region, then start the run again.',
  };
  return gaveUp as Exclude<Activities[N]['output'], { state: 'pending' }>;
}

/** Waits by a durable timer: costs nothing while it waits. */
export function* sleep(context: OrchestrationContext, seconds: number): Steps<void> {
  yield context.df.createTimer(new Date(addSeconds(context.df.currentUtcDateTime, seconds)));
}

/** The sentence in a failed activity's or sub-orchestration's message; the engine wraps it in its own words and a stack. */
export function failureText(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const firstLine = text.split('\n')[0] ?? text;
  return firstLine
    .replace(/^(Activity|Orchestrator) function '[^']*' failed:\s*/, '')
    .slice(0, 500)
    .trim();
}
