import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { CommandError } from './command.ts';

/** Below those that systems hand out to outgoing connections: such a one could be taken before its server listens. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
const TRIES = 50;

/** A port of 127.0.0.1 that was free a moment ago; for servers that must know their port before they start. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    try {
      await probe(port);
      return port;
    } catch (error) {
      if (tries >= TRIES) throw error;
    }
  }
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

async function probe(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
