import { randomUUID } from 'node:crypto';
import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { z } from 'zod';
import { ensureError, SettingError, Unavailable } from '../domain/errors.ts';

export type ErrorCode =
  | 'INVALID_JSON'
  | 'INVALID_REQUEST'
  | 'INVALID_PARAMETER'
  | 'ORCHESTRATOR_NOT_FOUND'
  | 'INSTANCE_NOT_FOUND'
  | 'INSTANCE_FINISHED'
  | 'SCENARIO_NOT_FOUND'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PAYLOAD_TOO_LARGE'
  | 'STORAGE_UNAVAILABLE'
  | 'INTERNAL_ERROR';

/** An answer with status >= 400. The message is for the caller; it never holds what only an operator should see. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  constructor(status: number, code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** What was wrong with a body, where, and what was expected. */
export function invalidRequest(error: z.ZodError): ApiError {
  const issues = error.issues.map((issue) => ({
    path: issue.path.join('.') || 'body',
    message: issue.message,
  }));
  const first = issues[0];
  return new ApiError(
    400,
    'INVALID_REQUEST',
    `The request is not valid. ${first?.path}: ${first?.message}.`,
    { issues },
  );
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
      if (error.status >= 500)
        contextOf(rest)?.error(
          `${request.method} ${new URL(request.url).pathname} ${traceId}: ${ensureError(thrown).message}`,
        );
      const body = {
        error: { code: error.code, message: error.message, details: error.details, trace_id: traceId },
      };
      return { status: error.status, headers, jsonBody: body };
    }
  };
}

/** The `haymaker` CLI 0.1.0 breaks on the second request over a kept-alive connection. */
function keepAlive(request: HttpRequest): Record<string, string> {
  return request.headers.get('user-agent')?.startsWith('haymaker-cli/0.1') ? { Connection: 'close' } : {};
}

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Unavailable)
    return new ApiError(
      503,
      'STORAGE_UNAVAILABLE',
      'A service that this needs does not answer. Try again in a minute.',
    );
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
