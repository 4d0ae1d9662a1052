import type { z } from 'zod';
import type { FaultSpec } from '../azure/faults.ts';

/** The client gives a call up after 30 seconds; one silence is longer than that. */
const CLIENT_GIVES_UP_MS = 31_000;
/** A lasting silence is cut by a gateway instead, so that a case with hundreds of calls ends. */
const GATEWAY_CUTS_MS = 3_000;

export const FAULTS = [
  '429-retry-after',
  '429',
  '500',
  '503',
  '403',
  '404',
  'reset',
  'time-out',
  'lost-answer',
] as const;
export type FaultName = (typeof FAULTS)[number];

type Spec = z.input<typeof FaultSpec>;

/** What the stand-in is told: the fault on calls that match the glob. */
export function faultSpec(call: string, fault: FaultName, lasting: boolean): Spec {
  return { match: globPattern(call), ...manner(fault, lasting), ...(lasting ? {} : { times: 1 }) };
}

function manner(fault: FaultName, lasting: boolean): Omit<Spec, 'match'> {
  switch (fault) {
    case '429-retry-after':
      return status(429, 'TooManyRequests', { 'retry-after': '2' });
    case '429':
      return status(429, 'TooManyRequests');
    case '500':
      return status(500, 'InternalServerError');
    case '503':
      return status(503, 'ServiceUnavailable');
    case '403':
      return status(403, 'AuthorizationFailed');
    case '404':
      return status(404, 'NotFound');
    case 'reset':
      return { kind: 'reset' };
    case 'time-out':
      return { kind: 'timeout', ms: lasting ? GATEWAY_CUTS_MS : CLIENT_GIVES_UP_MS };
    case 'lost-answer':
      return { kind: 'lostAnswer' };
  }
}

function status(code: number, name: string, headers: Record<string, string> = {}): Omit<Spec, 'match'> {
  return { kind: 'status', status: code, code: name, message: 'Played by the torture.', headers };
}

/** The regular expression of a glob with * (anything but a slash) and ? (one character). */
export function globPattern(glob: string): string {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return `^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`;
}
