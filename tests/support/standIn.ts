import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/identity';
import { type StandIn, startStandIn } from '../../local/azure/standin.ts';
import { standInEnvironment } from '../../local/world.ts';
import { createCredentials } from '../../src/azure/credential.ts';
import { createProxiedFetch } from './proxiedFetch.ts';

type StandInOptions = Omit<Parameters<typeof startStandIn>[0], 'workDir'>;

/** A running stand-in, and a process in which unmodified clients with production URLs reach it. Dispose it. */
export interface StandInFixture extends AsyncDisposable {
  readonly standIn: StandIn;
  /** What a child process needs in its environment to reach the stand-in too. */
  readonly environment: Record<string, string>;
  /** The function app's managed identity. */
  readonly credential: TokenCredential;
}

/**
 * Starts a stand-in and leads this process to it: proxy settings, trusted certificates, fetch. Make clients only
 * afterwards, for they read the proxy settings when they are made. One a test file: managed identity tokens are cached
 * for the whole process, and those of another stand-in would be refused.
 */
export async function withStandIn(options: StandInOptions = {}): Promise<StandInFixture> {
  const workDir = await mkdtemp(join(tmpdir(), 'haymaker-'));
  const standIn = await startStandIn({ ...options, workDir });
  const environment = standInEnvironment(standIn.addresses);
  const certificates = tls.getCACertificates('default');
  const { fetch } = globalThis;
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);

  tls.setDefaultCACertificates([...certificates, standIn.state.pki.ca]);
  globalThis.fetch = createProxiedFetch(environment);
  Object.assign(process.env, environment);

  return {
    standIn,
    environment,
    credential: createCredentials({}).app,
    async [Symbol.asyncDispose]() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      globalThis.fetch = fetch;
      tls.setDefaultCACertificates(certificates);
      await standIn.stop();
      await rm(workDir, { recursive: true });
    },
  };
}
