import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { type Cloud, createCloud } from '../../../local/azure/cloud.ts';
import type { Principal, Service } from '../../../local/azure/core.ts';
import { loadPki } from '../../../local/azure/pki.ts';
import { startProxy } from '../../../local/azure/proxy.ts';
import { startServer } from '../../../local/azure/server.ts';
import { audienceOf } from '../../../local/azure/tokens.ts';

/** A cloud with a few services on the wire, reached by unmodified clients through the proxy. */
export interface Stage {
  readonly cloud: Cloud;
  readonly proxyUrl: string;
  /** Client options that lead every request through the proxy. */
  readonly clientOptions: {
    readonly proxyOptions: { readonly host: string; readonly port: number };
    readonly retryOptions: { readonly maxRetries: number };
  };
  /** A credential with real tokens for a principal. */
  credential(principal: Principal): TokenCredential;
  close(): Promise<void>;
}

/** Starts the services that `build` makes of a new cloud. */
export async function openStage(
  build: (cloud: Cloud) => readonly Service[],
  delays: Partial<Cloud['delays']> = {},
): Promise<Stage> {
  const workDir = mkdtempSync(join(tmpdir(), 'haymaker-stage-'));
  const pki = await loadPki(workDir);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pki.ca]);
  const cloud = await createCloud({ pki, delays });
  const server = await startServer(cloud, build(cloud));
  const proxy = await startProxy(
    server.port,
    () => true,
    () => undefined,
  );
  const { hostname, port } = new URL(proxy.url);
  return {
    cloud,
    proxyUrl: proxy.url,
    clientOptions: {
      proxyOptions: { host: `http://${hostname}`, port: Number(port) },
      retryOptions: { maxRetries: 0 },
    },
    credential: (principal) => ({
      async getToken(scopes) {
        const { token, expiresOn } = await cloud.tokens.issue(
          principal,
          audienceOf([scopes].flat()[0] ?? ''),
        );
        return { token, expiresOnTimestamp: expiresOn * 1_000 };
      },
    }),
    async close() {
      await proxy.close();
      await server.close();
      cloud.resources.stop();
      rmSync(workDir, { recursive: true });
    },
  };
}
