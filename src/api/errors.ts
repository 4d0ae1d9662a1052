import { randomUUID } from 'node:crypto';
import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { z } from 'zod';
import { ensureError, SettingError, Throttled, Unavailable } from '../domain/errors.ts';
import { eventLog } from '../log/eventLog.ts';

export type ErrorCode =
  | 'INVALID_JSON'
  | 'INVALID_REQUEST'
  | 'INVALID_PARAMETER'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'ORCHESTRATOR_NOT_FOUND'
  | 'INSTANCE_NOT_FOUND'
  | 'INSTANCE_FINISHED'
  | 'EVENT_NOT_FOUND'
  | 'RUN_NOT_FOUND'
  | 'EXECUTION_NOT_FOUND'
  | 'AGENT_NOT_FOUND'
  | 'SCENARIO_NOT_FOUND'
  | 'CLEANUP_NOT_FOUND'
  | 'REPORT_NOT_FOUND'
  | 'RUN_IS_LIVE'
  | 'RUN_HAS_ENDED'
  | 'RATE_LIMIT_EXCEEDED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PAYLOAD_TOO_LARGE'
  | 'STORAGE_UNAVAILABLE'
  | 'INTERNAL_ERROR';

/** What an error says besides its message: details for the body, headers such as Retry-After. */
export interface ErrorExtras {
  readonly details?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** An answer with status >= 400. The message is for the caller; it never holds what only an operator should see. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { details = {}, headers = {} }: ErrorExtras = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** What was wrong with a body, where, and what was expected. */
export function invalidRequest(error: z.ZodError): ApiError {
  const issues = issuesOf(error, 'body');
  const first = issues[0];
  const message = `The request is not valid. ${first?.path}: ${first?.message}.`;
  return new ApiError(400, 'INVALID_REQUEST', message, { details: { issues } });
}

/** What was wrong with the query, where, and what was expected. */
export function invalidParameter(error: z.ZodError): ApiError {
  const issues = issuesOf(error, 'query');
  const first = issues[0];
  const message = `The parameter ${first?.path} is not valid: ${first?.message}.`;
  return new ApiError(400, 'INVALID_PARAMETER', message, { details: { parameter: first?.path, issues } });
}

function issuesOf(error: z.ZodError, root: string): { path: string; message: string }[] {
  return error.issues.map(({ path, message }) => ({ path: path.join('.').slice(0, 100) || root, message }));
}

/** There is no such thing; `what` is shortened, for a caller may have sent anything. */
export function notFound(
  code: ErrorCode,
  kind: string,
  what: string,
  details: Record<string, unknown> = {},
): ApiError {
  return new ApiError(404, code, `There is no ${kind} ${what.slice(0, 100)}.`, { details });
}

/** Wraps a handler: every failure becomes {"error":{code,message,details,trace_id}} and is logged once with its trace id. */
export function withErrors<Rest extends unknown[]>(
  handler: (request: HttpRequest, ...rest: Rest) => Promise<HttpResponseInit>,
): (request: HttpRequest, ...rest: Rest) => Promise<HttpResponseInit> {
  return async (request, ...rest) => {
    const traceId = randomUUID();
    const headers = { 'X-Trace-Id': traceId, 'Cache-Control': 'no-store', ...keepAlive(request) };
    try {
      const response = await handler(request, ...rest);
      return {
        ...response,
        headers: { ...headers, ...(response.headers as Record<string, string> | undefined) },
      };
    } catch (thrown) {
      const error = toApiError(thrown);
      tell(thrown, error, { request, traceId, context: contextOf(rest) });
      const body = {
        error: { code: error.code, message: error.message, details: error.details, trace_id: traceId },
      };
      return { status: error.status, headers: { ...headers, ...error.headers }, jsonBody: body };
    }
  };
}

const REFUSED = [401, 403, 429];

/** What failed is for the operator, under the trace id; who was turned away, too. A caller's mistakes are his own. */
function tell(
  thrown: unknown,
  { status, code }: ApiError,
  {
    request,
    traceId,
    context,
  }: { request: HttpRequest; traceId: string; context: InvocationContext | undefined },
): void {
  if (!context) return;
  const log = eventLog(context);
  const asked = { trace_id: traceId, method: request.method, path: new URL(request.url).pathname };
  if (status >= 500) log('request_failed', { ...asked, reason: ensureError(thrown).message });
  if (REFUSED.includes(status)) log('request_refused', { ...asked, status, code });
}

/** The `haymaker` CLI 0.1.0 breaks on the second request over a kept-alive connection. */
function keepAlive(request: HttpRequest): Record<string, string> {
  return request.headers.get('user-agent')?.startsWith('haymaker-cli/0.1') ? { Connection: 'close' } : {};
}

const UNAVAILABLE_SECONDS = 30;

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Unavailable || thrown instanceof Throttled) {
    const seconds = thrown instanceof Throttled ? thrown.retryAfterSeconds : UNAVAILABLE_SECONDS;
    return new ApiError(
      503,
      'STORAGE_UNAVAILABLE',
      'A service that this needs does not answer. Try again in a minute.',
      { headers: { 'Retry-After': String(Math.ceil(seconds)) } },
    );
  }
  if (thrown instanceof SettingError)
    return new ApiError(
      500,
      'INTERNAL_ERROR',
      'The app is not configured correctly. Its log names the setting.',
    );
  return new ApiError(
    500,
    'INTERNAL_ERROR',
    'Something went wrong. The app’s log has the details under this trace id.',
  );
}

function contextOf(rest: readonly unknown[]): InvocationContext | undefined {
  return rest.find(
    (value): value is InvocationContext =>
      typeof value === 'object' && value !== null && 'invocationId' in value,
  );
}

export type { HttpHandler };
