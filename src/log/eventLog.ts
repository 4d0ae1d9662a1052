import type { InvocationContext } from '@azure/functions';
import { maskSecrets } from '../domain/secrets.ts';
import { LEVELS, type LogEvent, type LogEvents } from './events.ts';

/** Logs one event with its fields. */
export type EventLog = <E extends LogEvent>(event: E, fields: LogEvents[E]) => void;

/** The part of an invocation's context that is spoken to; what is said there carries its invocation id and function. */
export type Speaker = Pick<InvocationContext, 'info' | 'warn' | 'error'>;

const MAX_TEXT = 500;
const MAX_ITEMS = 30;

/** An event log for one invocation: one line of JSON an event, of which `event` is always the first field. */
export function eventLog(speaker: Speaker): EventLog {
  return (event, fields) => speaker[LEVELS[event]](lineOf(event, fields));
}

/** Says nothing: for callers that have no invocation. */
export const silent: EventLog = () => undefined;

/** `{"event":"run_ended","run_id":"…",…}`: without line breaks, long texts and lists cut, nothing that looks like a secret. */
export function lineOf<E extends LogEvent>(event: E, fields: LogEvents[E]): string {
  return JSON.stringify({ event, ...fields }, (_, value: unknown) => {
    if (typeof value === 'string') return maskSecrets(value).slice(0, MAX_TEXT);
    return Array.isArray(value) ? value.slice(0, MAX_ITEMS) : value;
  });
}
