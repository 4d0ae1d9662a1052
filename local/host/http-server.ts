import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HostError, member, reasonOf } from './host-error.ts';
import { sendJson } from './http-exchange.ts';
import type { Log } from './log.ts';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export interface Listening {
  readonly url: string;
  /** Until this is called, every request is answered with 503: the port is taken before the app has loaded. */
  serve(handler: Handler): void;
  /** Stops accepting; connections that are still open after `graceMs` are cut. */
  close(graceMs: number): Promise<void>;
}

/** Listens on 127.0.0.1 only. Throws a HostError with exit code 2 when the port is taken. */
export async function listen(port: number, log: Log): Promise<Listening> {
  let handler: Handler | undefined;
  const server: Server = createServer((request, response) => {
    const host = request.headers.host ?? '';
    if (!isOurs(host)) {
      // A page in a browser can make its own host name resolve to 127.0.0.1; its requests carry that name.
      return sendJson(response, 400, {
        Message: `Host "${host}" is not this host. Use 127.0.0.1 or localhost.`,
      });
    }
    if (!handler) return sendJson(response, 503, { Message: 'The host is starting. Try again in a second.' });
    const url = urlOf(request, host);
    if (!url) return sendJson(response, 400, { Message: 'The request target is not a path.' });
    handler(request, response, url).catch((error: unknown) => {
      log.host('error', `${request.method} ${url.pathname}: ${reasonOf(error)}`);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  const isOurs = (host: string): boolean => host === `127.0.0.1:${actual}` || host === `localhost:${actual}`;
  return {
    url: `http://127.0.0.1:${actual}`,
    serve: (next) => {
      handler = next;
    },
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** The URL of a request; undefined for a target that is no path. A path may begin with two slashes and names no host. */
function urlOf(request: IncomingMessage, host: string): URL | undefined {
  const target = request.url ?? '/';
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`)
    ? new URL(`http://${host}${target}`)
    : undefined;
}

function portError(error: Error, port: number): HostError {
  const reason =
    member(error, 'code') === 'EADDRINUSE'
      ? `Port ${port} is in use. Stop what listens there, or choose another with --port.`
      : `Cannot listen on 127.0.0.1:${port}: ${error.message}`;
  return new HostError(reason, { cause: error, exitCode: 2 });
}
