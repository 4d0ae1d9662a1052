import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { type ErrorCode, invalidParameter, notFound } from './errors.ts';
import { Id } from './schemas/common.ts';

/**
 * The query of a request. Parameters that nobody knows are ignored; one that is given twice is not valid.
 * @throws ApiError 400 INVALID_PARAMETER naming the parameter and what was expected
 */
export function parseQuery<S extends z.ZodObject>(schema: S, request: HttpRequest): z.output<S> {
  const parsed = schema.safeParse(Object.fromEntries(request.query));
  if (!parsed.success) throw invalidParameter(parsed.error);
  return parsed.data;
}

/**
 * An id of the path.
 * @throws ApiError 404 with `code` for a text that no id looks like: it cannot exist
 */
export function pathId(request: HttpRequest, code: ErrorCode, kind: string, name = 'id'): string {
  const text = request.params[name] ?? '';
  if (!Id.safeParse(text).success) throw notFound(code, kind, text);
  return text;
}
