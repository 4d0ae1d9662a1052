import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, InvocationResponse, Nullable, TypedData } from './rpc.ts';

/** Body of a request, whole. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A request as the worker receives it: lower-case header names, repeated query keys joined by commas. */
export function toRpcRequest(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  params: Record<string, string>,
): HttpData {
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(request.headers),
    nullableParams: nullable(params),
    nullableQuery: nullable(joinedQuery(url)),
    ...(body.length > 0 ? { body: { bytes: body } } : {}),
  };
}

/** Writes what an HTTP function returned. No value at all is 204, as on Azure. */
export function writeRpcResponse(response: ServerResponse, answer: InvocationResponse): void {
  const http = answer.returnValue?.http;
  if (!http) {
    response.writeHead(204).end();
    return;
  }
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value);
  const cookies = (http.cookies ?? []).map(setCookie);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(Number(http.statusCode ?? 200));
  response.end(bytesOf(http.body));
}

export function sendJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (json === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(json));
}

function bytesOf(data: TypedData | null | undefined): Buffer {
  return Buffer.from(data?.bytes ?? data?.string ?? data?.json ?? '');
}

function nullable(values: Record<string, string | string[] | undefined>): Nullable {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      { value: Array.isArray(value) ? value.join(', ') : (value ?? '') },
    ]),
  );
}

function joinedQuery(url: URL): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [key, value] of url.searchParams)
    joined[key] = key in joined ? `${joined[key]},${value}` : value;
  return joined;
}

/** Set-Cookie of RFC 6265 from the protocol's cookie. */
function setCookie(cookie: HttpCookie): string {
  const { domain, path, expires, maxAge, secure, httpOnly, sameSite } = cookie;
  const seconds = expires?.value?.seconds;
  const same = { lax: 'Lax', strict: 'Strict', explicitNone: 'None' }[sameSite ?? ''];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    ...(domain?.value ? [`Domain=${domain.value}`] : []),
    ...(path?.value ? [`Path=${path.value}`] : []),
    ...(seconds === undefined ? [] : [`Expires=${new Date(seconds * 1000).toUTCString()}`]),
    ...(maxAge?.value === undefined ? [] : [`Max-Age=${maxAge.value}`]),
    ...(secure?.value ? ['Secure'] : []),
    ...(httpOnly?.value ? ['HttpOnly'] : []),
    ...(same ? [`SameSite=${same}`] : []),
  ].join('; ');
}
