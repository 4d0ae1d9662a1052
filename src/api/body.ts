import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { ApiError, invalidRequest } from './errors.ts';
import { nesting } from './nesting.ts';

const MAX_BYTES = 256 * 1024;
/** Deeper JSON than this has no meaning here, and what walks it later (the durable SDK does) walks it recursively. */
const MAX_NESTING = 32;

/**
 * The JSON body of a request, or undefined when there is none.
 * @throws ApiError 413, 415, or 400 INVALID_JSON
 */
export async function readJson(request: HttpRequest): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > MAX_BYTES) throw tooLarge();
  const text = await request.text();
  if (Buffer.byteLength(text) > MAX_BYTES) throw tooLarge();
  if (text.trim() === '') return undefined;
  requireJsonType(request);
  if (nesting(text) > MAX_NESTING) {
    throw new ApiError(400, 'INVALID_JSON', `The body is nested deeper than ${MAX_NESTING} levels.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(
      400,
      'INVALID_JSON',
      `The body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
    );
  }
}

/** @throws ApiError 400 INVALID_REQUEST with what, where and what was expected in details.issues */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (!parsed.success) throw invalidRequest(parsed.error);
  return parsed.data;
}

function requireJsonType(request: HttpRequest): void {
  const type = request.headers.get('content-type') ?? 'application/json';
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw unsupported(`Send JSON with content-type application/json, not ${type.slice(0, 80)}.`);
  }
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8';
  if (!/^(utf-?8|us-ascii)$/i.test(charset))
    throw unsupported(`Send JSON in UTF-8, not ${charset.slice(0, 40)}.`);
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (!/^identity$/i.test(encoding))
    throw unsupported(`Send the body as it is, not ${encoding.slice(0, 40)}.`);
}

function unsupported(message: string): ApiError {
  return new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', message);
}

function tooLarge(): ApiError {
  return new ApiError(413, 'PAYLOAD_TOO_LARGE', `The body is larger than ${MAX_BYTES / 1024} KiB.`);
}
