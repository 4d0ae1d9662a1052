import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of a reply: writes what it likes. */
  readonly stream?: (response: ServerResponse) => void;
}

export interface TestServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Requests to `METHOD /path`, in order. */
  of(route: string): readonly Seen[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that answers by `METHOD /path`; what has no route gets an empty 404, as from a Functions host. */
export async function startServer(
  routes: Readonly<Record<string, (request: Seen, times: number) => Reply>>,
): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { method = 'GET', headers } = request;
    const here: Seen = {
      method,
      url: request.url ?? '/',
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: text ? JSON.parse(text) : undefined,
    };
    seen.push(here);
    const route = `${method} ${url.pathname}`;
    const reply = routes[route]?.(here, of(route).length) ?? { status: 404, text: '' };
    if (reply.stream) return reply.stream(response);
    const isJson = reply.json !== undefined;
    response.writeHead(reply.status ?? 200, {
      'content-type': isJson ? 'application/json' : 'text/html',
      ...reply.headers,
    });
    response.end(isJson ? JSON.stringify(reply.json) : reply.text);
  });
  const of = (route: string) => seen.filter(({ method, path }) => `${method} ${path}` === route);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    of,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error of the app, as api.md has it. */
export function failure(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers, json: { error: { code, message, details: {}, trace_id: 't-1' } } };
}
