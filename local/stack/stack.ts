import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPki } from '../azure/pki.ts';
import { appSettings, type StandInAddresses, standInEnvironment } from '../world.ts';
import { startAzurite } from './azurite.ts';
import { bundleAgent } from './bundleAgent.ts';
import type { CommandError } from './command.ts';
import { startCoreTools } from './coreTools.ts';
import { createFleet } from './fleet.ts';
import { type FunctionsHost, startFunctionsHost } from './functionsHost.ts';
import { REPOSITORY } from './paths.ts';
import { freePort, requirePort } from './ports.ts';
import { startStandIn } from './standIn.ts';

export interface StackOptions {
  /** Port of the host on 127.0.0.1; a free one when left out. */
  readonly port?: number;
  /** Folder of logs, state and certificates; a temporary one, removed by `stop`, when left out. Emptied at the start. */
  readonly folder?: string;
  /** The folder with host.json and the built app, when it is not this repository (a catalogue of its own, say). */
  readonly app?: string;
  /** App settings on top of those of the pretend tenant: durations, sizes. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Decides how the scripted agents end. */
  readonly seed?: string;
  /** `real`: containers run the agent of this repository as a process; without it, a scripted one. */
  readonly agents?: 'real' | 'scripted';
  /** Real agents use the Azure CLI of this machine instead of the shim. */
  readonly realAz?: boolean;
  /** Tables are read from the first key that can match, as in Azure: local/azurite/seek.cjs. */
  readonly storageSeeks?: boolean;
  /** `func`: Core Tools from the PATH instead of local/host. */
  readonly hostKind?: 'local' | 'func';
  /** Called with the name of each service when it is up. */
  readonly onUp?: (service: string) => void;
  /** Stops everything when it aborts, also in the middle of the start. */
  readonly signal?: AbortSignal;
  /** Called when a service ends by itself. Not called for the host after `kill9`. */
  readonly onLost?: (error: CommandError) => void;
}

export interface Stack {
  /** The host, such as http://127.0.0.1:7071 */
  readonly url: string;
  readonly standIn: StandInAddresses;
  /** Names of the functions that the host serves. */
  readonly functions: readonly string[];
  readonly host: {
    /** kill -9; resolves when the process is gone. */
    kill9(): Promise<void>;
    /** Starts it again on the same port and state; ends the old one first when it is still there. */
    restart(): Promise<void>;
  };
  readonly logs: string;
  readonly state: string;
  /** The environment of the app: settings and the way to the stand-in. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends everything; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts Azurite, the stand-in for Azure and the host, in this order, and resolves when all serve. Everything listens on
 * 127.0.0.1. Rejects with CommandError when one does not come up; the others have been stopped then.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  options.signal?.throwIfAborted();
  const port = options.port ?? (await freePort());
  await requirePort(port);
  const temporary = options.folder === undefined;
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'haymaker-'));
  const logs = path.join(folder, 'logs');
  const state = path.join(folder, 'state');
  const work = path.join(folder, 'azure');
  // Azurite and the stand-in forget everything when they end: old checkpoints would resume runs of a vanished world.
  for (const old of [logs, state]) rmSync(old, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });

  const fleet = createFleet(options.onLost ?? (() => {}));
  options.signal?.addEventListener('abort', () => void fleet.stop(), { once: true });
  const stop = async () => {
    await fleet.stop();
    if (temporary) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const seeks = options.storageSeeks === undefined ? {} : { seeks: options.storageSeeks };
    const storage = await startAzurite(fleet, logs, await loadPki(work), seeks);
    options.onUp?.('storage (Azurite)');
    const seed = options.seed === undefined ? {} : { seed: options.seed };
    const agents = options.agents === undefined ? {} : { agents: options.agents };
    if (options.agents === 'real') await bundleAgent(REPOSITORY);
    const az = options.realAz === undefined ? {} : { realAz: options.realAz };
    const standIn = await startStandIn(fleet, { logs, work, storage, ...seed, ...agents, ...az });
    options.onUp?.('Azure (the stand-in)');

    const environment = {
      ...appSettings(options.settings),
      ...standInEnvironment(standIn),
      WEBSITE_HOSTNAME: `127.0.0.1:${port}`,
    };
    const startHost = (): Promise<FunctionsHost> =>
      options.hostKind === 'func'
        ? startCoreTools(fleet, { logs, port, settings: environment })
        : startFunctionsHost(fleet, {
            logs,
            state,
            port,
            settings: environment,
            ...(options.app ? { app: options.app } : {}),
          });
    let host = await startHost();
    options.onUp?.('functions host');
    return {
      url: `http://127.0.0.1:${port}`,
      standIn,
      functions: host.functions,
      host: {
        kill9: () => fleet.kill9(host.child),
        restart: async () => {
          await fleet.kill9(host.child);
          host = await startHost();
        },
      },
      logs,
      state,
      environment,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
