import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { startRealAz } from '../az/real/realAz.ts';
import { type StandInAddresses, standInEnvironment, WORLD } from '../world.ts';
import { builtImage } from './agentProcess.ts';
import { createAgents } from './agents.ts';
import { createAnthropic } from './anthropic.ts';
import { createArm } from './arm.ts';
import { type Cloud, type CloudOptions, createCloud } from './cloud.ts';
import { createContainerApps } from './containerApps.ts';
import type { ContainerContext } from './containerAppsExecution.ts';
import { handleControl } from './control.ts';
import type { Service } from './core.ts';
import { createDataPlanes } from './dataPlanes.ts';
import { createEntra } from './entra.ts';
import { createGraph } from './graph.ts';
import { startPlain } from './http.ts';
import { createKeyVault } from './keyVault.ts';
import { createLogAnalytics, logFile } from './logAnalytics.ts';
import { handleManagedIdentity } from './managedIdentity.ts';
import { startMessaging } from './messaging.ts';
import { loadPki } from './pki.ts';
import { seedPlatform } from './platform.ts';
import { startProxy } from './proxy.ts';
import { createRegistry } from './registry.ts';
import { startServer } from './server.ts';
import { createSoftDeletion } from './softDelete.ts';
import { createStorageFront, type StoragePorts } from './storageFront.ts';

export interface StandInOptions extends Omit<CloudOptions, 'pki'> {
  /** Where certificates are kept. */
  readonly workDir: string;
  /** The log file of the Functions host, which Log Analytics answers from. */
  readonly hostLog?: string;
  /** Azurite's TLS ports on 127.0.0.1; without it there is no storage. */
  readonly azurite?: StoragePorts;
  /** `real`: containers run the agent that is built from this repository; without it, a scripted one. */
  readonly agents?: 'real' | 'scripted';
  /** Real agents use the Azure CLI of this machine instead of the shim. */
  readonly realAz?: boolean;
  /** How the agents of a scenario end, by scenario id, instead of by the seed. */
  readonly agentBehaviours?: Readonly<Record<string, string>>;
  /** Between SIGTERM and SIGKILL of a container. */
  readonly killGraceMs?: number;
}

export interface StandIn {
  readonly addresses: StandInAddresses;
  /** The state of the pretend cloud, for tests in the same process. */
  readonly state: Cloud;
  /** Ends every server and every container. */
  stop(): Promise<void>;
}

/** Starts the whole stand-in on free ports of 127.0.0.1. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const {
    workDir,
    azurite,
    agents: kind,
    agentBehaviours,
    killGraceMs,
    hostLog,
    realAz: wantsRealAz,
    ...cloudOptions
  } = options;
  const pki = await loadPki(workDir);
  const cloud = await createCloud({ ...cloudOptions, pki });
  seedPlatform(cloud);
  const identityHeader = randomUUID();
  cloud.secretsIssued.record('identity-header', WORLD.app.displayName, identityHeader);
  cloud.identities.grant(identityHeader, [], WORLD.app);

  const realAz = wantsRealAz ? await startRealAz() : undefined;
  const image = kind === 'real' ? builtImage(workDir, realAz?.command) : undefined;
  // Data planes of a vanished world.
  if (image) rmSync(image.workDir, { recursive: true, force: true });
  const agents = createAgents(cloud.seed, agentBehaviours, image);
  const runOfAgent = new Map<string, string>();
  const keyVault = createKeyVault(cloud);
  const registry = createRegistry(cloud);
  const containerApps = createContainerApps(cloud, {
    keyVault,
    registry,
    program: (context: ContainerContext) => {
      const { AGENT_ID = 'unknown', RUN_ID = 'unknown' } = context.env;
      runOfAgent.set(AGENT_ID, RUN_ID);
      return agents.program(context);
    },
    hostEnvironment: () => standInEnvironment(addresses),
    ...(killGraceMs === undefined ? {} : { killGraceMs }),
  });
  const storage = azurite && createStorageFront(cloud, azurite);
  const services: Service[] = [
    createEntra(cloud),
    createGraph(cloud),
    createArm(cloud, [containerApps, ...createSoftDeletion(cloud)]),
    keyVault,
    registry,
    createAnthropic({ isKey: (key) => keyVault.secrets.get('anthropic-api-key')?.value === key }),
    createDataPlanes(cloud),
    ...(storage ? [storage] : []),
    ...(hostLog ? [createLogAnalytics(logFile(hostLog))] : []),
  ];

  const server = await startServer(cloud, services);
  const proxy = await startProxy(
    server.port,
    (host) => services.some((service) => service.hosts.test(host)),
    (host) => console.error(`stand-in: the proxy refuses '${host}', which is no host of the stand-in.`),
  );
  const identity = await startPlain((request) => handleManagedIdentity(cloud, request));
  const broker = await startMessaging(cloud);
  const control = await startPlain((request) =>
    handleControl(
      {
        cloud,
        secrets: keyVault.secrets,
        agents: () => agents.list().map((a) => ({ ...a, runId: runOfAgent.get(a.agentId) ?? 'unknown' })),
        setBehaviours: agents.setBehaviours,
        messaging: () => broker.counters(),
      },
      request,
    ),
  );
  const addresses: StandInAddresses = {
    proxyUrl: proxy.url,
    identityEndpoint: `${identity.url}/msi/token`,
    identityHeader,
    serviceBusEndpoint: `sb://localhost:${broker.port}`,
    controlUrl: control.url,
    caPath: pki.caPath,
  };
  return {
    addresses,
    state: cloud,
    async stop() {
      containerApps.close();
      await broker.close();
      await Promise.all([control.close(), identity.close(), proxy.close(), server.close()]);
      storage?.close();
      await realAz?.stop();
      cloud.resources.stop();
      cloud.lies.stop();
    },
  };
}
