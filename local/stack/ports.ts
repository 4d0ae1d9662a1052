import { once } from 'node:events';
import { createServer } from 'node:net';
import { CommandError } from './command.ts';

/** A port of 127.0.0.1 that was free a moment ago; for servers that must know their port before they start. */
export async function freePort(): Promise<number> {
  return probe(0);
}

/** Throws CommandError with the way out when `port` of 127.0.0.1 cannot be listened on. */
export async function requirePort(port: number): Promise<void> {
  try {
    await probe(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use by another process' : `cannot be listened on (${code})`;
    throw new CommandError(
      `Port ${port} of 127.0.0.1 ${why}. Stop what uses it, or choose another: --port ${port + 1}.`,
      1,
      { cause: error },
    );
  }
}

async function probe(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : port;
}
