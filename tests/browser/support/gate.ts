import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A door in front of the host that does what the platform does in Azure and the local host does not: it lets nobody to
 * /api without the key, and answers 401 without a word. /health and the page are for everybody.
 */
export async function openGate(to: string, key: string): Promise<Gate> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    if (path.startsWith('/api/') && incoming.headers['x-functions-key'] !== key) {
      outgoing.writeHead(401).end();
      return;
    }
    // The host lets nobody in under a name that is not its own.
    const headers = { ...incoming.headers, host: new URL(to).host };
    const { method } = incoming;
    const onward = request(new URL(path, to), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
