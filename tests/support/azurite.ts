import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { freePort } from '../../local/stack/ports.ts';

/** The well-known development account of Azurite (learn.microsoft.com/azure/storage/common/storage-use-azurite). */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const START_TIMEOUT_MS = 20_000;

export interface Azurite extends AsyncDisposable {
  readonly connectionString: string;
}

/**
 * Starts Azurite on free ports of loopback, in memory; resolves when blobs and tables answer. Dispose it. `nodeFlags` are
 * for its process.
 */
export async function startAzurite(nodeFlags: readonly string[] = []): Promise<Azurite> {
  const [blob, queue, table] = [await freePort(), await freePort(), await freePort()];
  const script = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry', '--silent'];
  const ports = ['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`];
  const child = spawn(process.execPath, [...nodeFlags, script, ...flags, ...ports], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await Promise.all([answers(blob), answers(table)]);
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  }
  const at = (port: number) => `http://127.0.0.1:${port}/${ACCOUNT}`;
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${at(blob)};QueueEndpoint=${at(queue)};TableEndpoint=${at(table)};`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`Azurite does not answer on port ${port}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
