import path from 'node:path';
import { z } from 'zod';
import type { StandInAddresses } from '../world.ts';
import type { StoragePorts } from './azurite.ts';
import type { Child } from './child.ts';
import type { Fleet } from './fleet.ts';
import { REPOSITORY } from './paths.ts';

const Addresses = z.object({
  proxyUrl: z.url(),
  identityEndpoint: z.url(),
  identityHeader: z.string().min(1),
  serviceBusEndpoint: z.string().min(1),
  controlUrl: z.url(),
  caPath: z.string().min(1),
});

export interface StandInOptions {
  readonly logs: string;
  /** Where it keeps its certificates. */
  readonly work: string;
  readonly storage: StoragePorts;
  /** Decides how the scripted agents end. */
  readonly seed?: string;
  readonly agents?: 'real' | 'scripted';
  /** Real agents use the Azure CLI of this machine. */
  readonly realAz?: boolean;
}

/** Starts the stand-in for Azure in front of Azurite; resolves when it has printed its addresses (one JSON line). */
export async function startStandIn(fleet: Fleet, options: StandInOptions): Promise<StandInAddresses> {
  const { storage } = options;
  const { value } = await fleet.start(
    {
      name: 'azure',
      args: [
        path.join(REPOSITORY, 'local', 'azure', 'main.ts'),
        ...['--work', options.work],
        ...['--host-log', path.join(options.logs, 'host.log')],
        ...['--azurite-blob-port', String(storage.blob)],
        ...['--azurite-queue-port', String(storage.queue)],
        ...['--azurite-table-port', String(storage.table)],
        ...(options.seed ? ['--seed', options.seed] : []),
        ...(options.agents ? ['--agents', options.agents] : []),
        ...(options.realAz ? ['--real-az'] : []),
      ],
      env: {},
      logs: options.logs,
      advice: `It plays Azure on this machine. If its certificates are damaged: remove ${options.work} and repeat.`,
    },
    announcedAddresses,
  );
  return value;
}

function announcedAddresses(child: Child): Promise<StandInAddresses> {
  return new Promise((resolve) => {
    child.onLine((line) => {
      if (line.startsWith('{')) {
        const parsed = Addresses.safeParse(JSON.parse(line));
        if (parsed.success) resolve(parsed.data);
      }
    });
  });
}
