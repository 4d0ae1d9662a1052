import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WORLD } from '../world.ts';
import type { Child } from './child.ts';
import type { Fleet } from './fleet.ts';
import { REPOSITORY } from './paths.ts';

const MEMORY_LIMIT_MB = '512';
const SEEK = path.join(REPOSITORY, 'local', 'azurite', 'seek.cjs');
const SERVICES = ['blob', 'queue', 'table'] as const;
const LISTENING =
  /^Azurite (Blob|Queue|Table) service is successfully listening at https?:\/\/127\.0\.0\.1:(\d+)/;

export type StoragePorts = Readonly<Record<(typeof SERVICES)[number], number>>;

/** Paths of the certificate and key that Azurite shows; without them it speaks plain http with shared keys. */
export interface ServerCertificate {
  readonly certPath: string;
  readonly keyPath: string;
}

/**
 * Starts Azurite in memory on ports of its own choice. With a certificate it takes bearer tokens over TLS, as the real
 * account does; without one it serves the classic development account, which Core Tools need. With `seeks` its tables are
 * read as Azure reads them: local/azurite/seek.cjs.
 */
export async function startAzurite(
  fleet: Fleet,
  logs: string,
  certificate?: ServerCertificate,
  options: { readonly seeks?: boolean } = {},
): Promise<StoragePorts> {
  const { value } = await fleet.start(
    {
      name: certificate ? 'azurite' : 'azurite-func',
      args: [
        ...(options.seeks ? ['--require', SEEK] : []),
        script(),
        ...['--disableTelemetry', '--silent', '--inMemoryPersistence', '--skipApiVersionCheck'],
        ...['--extentMemoryLimit', MEMORY_LIMIT_MB],
        ...SERVICES.flatMap((service) => [`--${service}Host`, '127.0.0.1', `--${service}Port`, '0']),
        ...(certificate
          ? ['--cert', certificate.certPath, '--key', certificate.keyPath, '--oauth', 'basic']
          : []),
      ],
      // The account has to have a key, but nobody uses it: the clients come with tokens.
      env: certificate
        ? { AZURITE_ACCOUNTS: `${WORLD.storageAccount}:${randomBytes(32).toString('base64')}` }
        : {},
      logs,
      advice: 'Azurite serves the storage account. If its files are damaged: remove node_modules and repeat.',
    },
    listeningPorts,
  );
  return value;
}

/** Resolves when all three services have said where they listen. */
function listeningPorts(child: Child): Promise<StoragePorts> {
  const ports = new Map<string, number>();
  return new Promise((resolve) => {
    child.onLine((line) => {
      const [, service, port] = LISTENING.exec(line) ?? [];
      if (service && port) ports.set(service.toLowerCase(), Number(port));
      const [blob, queue, table] = SERVICES.map((name) => ports.get(name));
      if (blob && queue && table) resolve({ blob, queue, table });
    });
  });
}

function script(): string {
  const manifest = createRequire(import.meta.url).resolve('azurite/package.json');
  return path.join(path.dirname(manifest), 'dist', 'src', 'azurite.js');
}
