import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { ApiError, invalidRequest } from './errors.ts';

const MAX_BYTES = 256 * 1024;

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
  const type = request.headers.get('content-type') ?? 'application/json';
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new ApiError(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `Send JSON with content-type application/json, not ${type.slice(0, 80)}.`,
    );
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

function tooLarge(): ApiError {
  return new ApiError(413, 'PAYLOAD_TOO_LARGE', `The body is larger than ${MAX_BYTES / 1024} KiB.`);
}
