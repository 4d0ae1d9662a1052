import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply, Request } from './core.ts';

/** Reads a request to its end and parses it; the token is checked elsewhere. Throws SyntaxError on broken JSON. */
export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  // Ids begin with a slash, so the SDKs send paths such as //subscriptions/..., which a URL would take for a host.
  const rawUrl = (incoming.url ?? '/').replace(/^\/+/, '/');
  const url = new URL(rawUrl, 'http://stand-in');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const isJson = /json/.test(headers['content-type'] ?? '') && body.length > 0;
  return {
    method: incoming.method ?? 'GET',
    host: (headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    path: decodeURIComponent(url.pathname.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')),
    rawUrl,
    query: Object.fromEntries(url.searchParams),
    headers,
    body,
    json: isJson ? JSON.parse(body.toString('utf8')) : undefined,
    principal: undefined,
  };
}

/** Sends a reply: a Buffer or string as it is, anything else as JSON. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  const { body } = reply;
  if (body === undefined || reply.status === 204) {
    const empty = reply.status === 204 ? {} : { 'content-length': '0' };
    response.writeHead(reply.status, { ...empty, ...reply.headers }).end();
    return;
  }
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const type = raw ? 'application/octet-stream' : 'application/json; charset=utf-8';
  response
    .writeHead(reply.status, { 'content-type': type, ...reply.headers })
    .end(raw ? body : JSON.stringify(body));
}

export interface PlainServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers a request; undefined cuts the connection instead. */
type Handle = (request: Request) => Promise<Reply | undefined> | Reply | undefined;

/** Starts a plain http server on a free port of 127.0.0.1 that refuses any other Host (DNS rebinding). */
export async function startPlain(handle: Handle): Promise<PlainServer> {
  const listener: RequestListener = (incoming, response) => {
    answer(incoming, handle)
      .then((reply) => (reply ? sendReply(response, reply) : void response.destroy()))
      .catch((error: unknown) => {
        console.error('stand-in:', error);
        sendReply(response, { status: 500, body: { error: String(error) } });
      });
  };
  const server = createServer(listener);
  return { url: `http://127.0.0.1:${await listen(server)}`, close: () => close(server) };
}

async function answer(incoming: IncomingMessage, handle: Handle): Promise<Reply | undefined> {
  const host = (incoming.headers.host ?? '').replace(/:\d+$/, '');
  if (host !== '127.0.0.1' && host !== 'localhost') {
    return { status: 403, body: { error: `The host '${host}' is not loopback; use 127.0.0.1.` } };
  }
  try {
    return await handle(await readRequest(incoming));
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

/** Listens on a free port of 127.0.0.1 and returns the port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

/** Ends a server and every connection it has. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
