import {
  Blocked,
  Denied,
  ensureError,
  HaymakerError,
  Missing,
  NotReadyYet,
  Rejected,
  Throttled,
  Unavailable,
} from '../domain/errors.ts';
import { retryAfterSeconds } from './retryAfter.ts';

/** What the SDKs' very different errors have in common, once read. */
interface Failure {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number | undefined;
}

const NOT_REPLICATED_CODES = new Set(['PrincipalNotFound']);
const NOT_REPLICATED_TEXT = /does not reference a valid application object|AADSTS700016/i;

/** Service Bus speaks AMQP, so its failures have names instead of statuses (@azure/service-bus, MessagingError). */
const AMQP_STATUS: Readonly<Record<string, number>> = {
  UnauthorizedAccess: 401,
  MessagingEntityNotFound: 404,
  MessagingEntityDisabled: 409,
  MessagingEntityAlreadyExists: 409,
  QuotaExceeded: 409,
  ServiceBusy: 429,
  ServerBusy: 429,
  ServiceTimeout: 503,
  ServiceCommunicationProblem: 503,
};

const UNREACHABLE_NAMES = new Set(['AbortError', 'TimeoutError', 'CredentialUnavailableError']);
const UNREACHABLE_CODES =
  /^(REQUEST_SEND_ERROR|E(CONN|NOTFOUND|AI_AGAIN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)\w*|UND_ERR_\w+|endpoints_resolution_error)$/;
const UNREACHABLE_TEXT =
  /fetch failed|aborted|socket hang up|timed? ?out|\bE(CONN|NOTFOUND|AI_AGAIN|PIPE|HOSTUNREACH|NETUNREACH)/i;

/** Anything that could be a bearer token, a shared key or a client secret, should a service echo one. */
const SECRETS = /eyJ[\w-]+\.[\w-]+(\.[\w-]*)?|((sig|client_secret|SharedAccessKey|AccountKey)=)[^&;\s"]+/gi;
const MAX_MESSAGE = 500;

/**
 * Turns whatever an Azure SDK threw into the domain's family of errors; `doing` opens the message ("reading the job x").
 * `justMade` says that the caller knows the thing to exist, so that a 404 can only mean replication (Microsoft Graph
 * answers Request_ResourceNotFound for a while after a creation). An error of the family passes unchanged.
 */
export function fromAzure(
  error: unknown,
  doing: string,
  { justMade = false }: { justMade?: boolean } = {},
): HaymakerError {
  if (error instanceof HaymakerError) return error;
  const cause = ensureError(error);
  const failure = readFailure(cause);
  const { status, code } = failure;
  const options = { cause };
  const say = (advice: string) => describe(doing, failure, advice);

  if (NOT_REPLICATED_CODES.has(code) || NOT_REPLICATED_TEXT.test(failure.message)) {
    return new NotReadyYet(say('It is not visible everywhere yet; try again in a few seconds.'), 2, options);
  }
  if (status === 429) {
    return new Throttled(say('Try again later.'), failure.retryAfterSeconds ?? 5, options);
  }
  if (status === 404) {
    return justMade
      ? new NotReadyYet(say('It was just made; try again in a few seconds.'), 2, options)
      : new Missing(say('Check the name and the subscription.'), options);
  }
  if (status === 401 || status === 403) {
    return new Denied(say('Check the role assignments and permissions of the identity.'), options);
  }
  if (status === 409 || status === 412) {
    return new Blocked(
      say('Remove what holds it, or wait for the other operation.'),
      code || 'Conflict',
      options,
    );
  }
  if (status === undefined ? isUnreachable(cause, failure) : status >= 500 || status === 408) {
    return new Unavailable(say('Check the network and the status of the service, then try again.'), options);
  }
  return new Rejected(say('The request has to change before it can succeed.'), options);
}

/**
 * True for a refusal with this code in its body, the inner error included; for the few codes that an adapter acts upon.
 * `error` is what the SDK threw: the cause of ours.
 */
export function hasCode(error: unknown, code: string): boolean {
  const bodies = [
    member(error, 'details'),
    member(error, 'code'),
    member(member(error, 'response'), 'bodyAsText'),
  ];
  return bodies.some((body) => mentions(body, code));
}

function mentions(value: unknown, code: string): boolean {
  if (typeof value === 'string') return value === code || value.includes(`"${code}"`);
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((part) => mentions(part, code))
  );
}

function readFailure(error: Error): Failure {
  const inner = innermost(error);
  const response = member(error, 'response');
  const details = member(inner, 'details');
  const body = member(inner, 'errorResponse');
  const code = firstText(
    member(inner, 'code'),
    member(details, 'errorCode'),
    member(member(details, 'error'), 'code'),
    member(body, 'error'),
  );
  const status = [member(inner, 'statusCode'), member(inner, 'status'), AMQP_STATUS[code]].find(
    (candidate) => typeof candidate === 'number' && candidate > 0,
  );
  const message = firstText(member(body, 'errorDescription'), member(inner, 'message'), error.message);
  return {
    status: typeof status === 'number' ? status : undefined,
    code,
    message,
    retryAfterSeconds: retryAfterSeconds(member(response, 'headers') ?? member(inner, 'headers')),
  };
}

/** Microsoft Graph wraps what a middleware threw; Service Bus collects what each of its tries met. */
function innermost(error: Error): unknown {
  const tries = member(error, 'errors');
  return member(error, 'customError') ?? (Array.isArray(tries) ? tries.at(-1) : undefined) ?? error;
}

function describe(doing: string, { status, code, message }: Failure, advice: string): string {
  const safe = message.replace(SECRETS, '$2[removed]').replace(/\s+/g, ' ').trim().slice(0, MAX_MESSAGE);
  const label = [status, code].filter(Boolean).join(' ');
  return `${doing}: ${safe || 'no reason given'}${label ? ` (${label})` : ''}. ${advice}`;
}

function isUnreachable(error: Error, { code, message }: Pick<Failure, 'code' | 'message'>): boolean {
  if ([error.name, code].some((name) => UNREACHABLE_NAMES.has(name) || UNREACHABLE_CODES.test(name)))
    return true;
  if (UNREACHABLE_TEXT.test(message)) return true;
  const { cause } = error;
  const causeCode = String(member(cause, 'code') ?? '');
  return cause instanceof Error && isUnreachable(cause, { code: causeCode, message: cause.message });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function firstText(...candidates: unknown[]): string {
  return (
    candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '') ??
    ''
  );
}
