import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as httpRequest } from 'node:http';
import { Server } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { TypedData } from './rpc.ts';

/**
 * With `app.setup({ enableHttpStream: true })`, HTTP does not go through the invocation: the library runs a server of its
 * own, the host forwards requests there with an invocation id, and bodies stream both ways. The library listens on all
 * interfaces; while it starts, a listen() without a host is made one on loopback.
 */
export async function listenOnLoopback<T>(start: () => Promise<T>): Promise<T> {
  const listen = Server.prototype.listen;
  Server.prototype.listen = new Proxy(listen, {
    apply: (target, self, args) =>
      typeof args[0] === 'function'
        ? Reflect.apply(target, self, [0, '127.0.0.1', args[0]])
        : Reflect.apply(target, self, args),
  });
  try {
    return await start();
  } finally {
    Server.prototype.listen = listen;
  }
}

/** Forwards a request to the library's server and its answer back. Resolves when the answer has been passed on whole. */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  streamUrl: string,
  invocationId: string,
): Promise<void> {
  const target = new URL(request.url ?? '/', streamUrl);
  const onward = httpRequest({
    host: '127.0.0.1',
    port: target.port,
    path: request.url,
    method: request.method,
    headers: {
      ...request.headers,
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': request.headers.host ?? '',
      'x-forwarded-proto': 'http',
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.on('response', resolve);
    onward.on('error', reject);
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
  const answer = await answered;
  const { 'x-ms-invocation-id': _, 'transfer-encoding': __, connection: ___, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 500, headers);
  response.flushHeaders();
  await pipeline(answer, response);
}

/** Headers and route parameters travel as trigger metadata when bodies stream. */
export function streamMetadata(
  request: IncomingMessage,
  params: Record<string, string>,
): Record<string, TypedData> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return {
    Headers: { json: JSON.stringify(headers) },
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
  };
}
