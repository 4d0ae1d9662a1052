import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { close, listen } from './http.ts';

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the CONNECT proxy that leads every Azure host to the local TLS server. All other hosts get 403, so that
 * nothing of a local run can reach the outside; refused hosts are reported to `onRefused`.
 */
export async function startProxy(
  tlsPort: number,
  isOurs: (host: string) => boolean,
  onRefused: (host: string) => void,
): Promise<Proxy> {
  const tunnels = new Set<Socket>();
  const server = createServer((request, response) => {
    onRefused(request.url ?? '');
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end('Only CONNECT to the hosts of the stand-in.\n');
  });
  server.on('connect', (request, client: Socket, head) => {
    client.on('error', () => client.destroy());
    const host = (request.url ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!isOurs(host)) {
      onRefused(host);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const upstream = connect(tlsPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.setNoDelay(true);
    client.setNoDelay(true);
    tunnels.add(client);
    client.once('close', () => {
      tunnels.delete(client);
      upstream.destroy();
    });
    upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const tunnel of tunnels) tunnel.destroy();
      await close(server);
    },
  };
}
