import type { OrchestrationHandler } from 'durable-functions';
import { addSeconds, durationSeconds } from '../domain/duration.ts';
import type { Steps } from './call.ts';

interface BaseInput {
  readonly message?: string;
  readonly wait_event_name?: string;
  readonly timeout?: string;
}

interface BaseOutput {
  readonly message: string;
  readonly status: 'received' | 'timed_out';
  readonly event_name: string;
  readonly event: unknown;
}

const DEFAULT_EVENT = 'continue';

/**
 * The smallest durable workflow: checkpoints, sleeps until the event it was told to wait for (or the time-out, an ISO
 * 8601 duration) and ends with what it received. Sleeping for weeks costs nothing.
 */
export const baseOrchestrator: OrchestrationHandler = function* (context): Steps<BaseOutput> {
  const raw: unknown = context.df.getInput();
  const input: BaseInput = raw !== null && typeof raw === 'object' ? raw : {};
  const message = input.message ?? '';
  const eventName = input.wait_event_name ?? DEFAULT_EVENT;
  const seconds = input.timeout === undefined ? undefined : durationSeconds(input.timeout);
  if (input.timeout !== undefined && seconds === undefined) {
    throw new Error(`timeout: expected an ISO 8601 duration such as PT8H, got "${input.timeout}"`);
  }

  context.df.setCustomStatus({ state: 'waiting', event_name: eventName });
  const event = context.df.waitForExternalEvent(eventName);
  if (seconds === undefined) {
    return { message, status: 'received', event_name: eventName, event: yield event };
  }
  const timer = context.df.createTimer(new Date(addSeconds(context.df.currentUtcDateTime, seconds)));
  const winner = yield context.df.Task.any([event, timer]);
  if (winner === event) {
    timer.cancel();
    return { message, status: 'received', event_name: eventName, event: event.result };
  }
  return { message, status: 'timed_out', event_name: eventName, event: null };
};
