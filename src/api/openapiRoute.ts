import type { HttpResponseInit } from '@azure/functions';
import { VERSION } from '../version.ts';

let document: string | undefined;

/** GET api/v1/openapi.json. Made on the first request: nobody else pays for it. */
export async function openapi(): Promise<HttpResponseInit> {
  document ??= JSON.stringify((await import('./openapi.ts')).openApiDocument(VERSION));
  return { headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: document };
}
