import { join } from 'node:path';
import type { ContainerApps } from './azure/containerApps.ts';
import type { Entra } from './azure/entra.ts';
import type { Config } from './config.ts';
import { readConfig } from './config.ts';
import { Missing, SettingError } from './domain/errors.ts';
import type { Records } from './records/records.ts';
import type { Catalogue } from './scenarios/load.ts';

type Made<F extends (...args: never[]) => unknown> = Promise<ReturnType<F>>;

/** Everything an activity or API handler may use. Each client is made on first use: SDKs are loaded when needed. */
export interface Services {
  readonly config: Config;
  entra(): Promise<Entra>;
  resources(): Made<typeof import('./azure/resources.ts')['createResources']>;
  softDeletions(): Made<typeof import('./azure/softDeleted.ts')['createSoftDeletions']>;
  roleAssignments(): Made<typeof import('./azure/roleAssignments.ts')['createRoleAssignments']>;
  resourceGraph(): Made<typeof import('./azure/resourceGraph.ts')['createResourceGraph']>;
  containerApps(): Promise<ContainerApps>;
  keyVault(): Made<typeof import('./azure/keyVault.ts')['createKeyVault']>;
  serviceBus(): Made<typeof import('./azure/serviceBus.ts')['createServiceBus']>;
  registry(): Made<typeof import('./azure/registry.ts')['createRegistry']>;
  storage(): Made<typeof import('./azure/storage.ts')['createStorage']>;
  records(): Promise<Records>;
  catalogue(): Promise<Catalogue>;
  target(): Promise<{ readonly tenantId: string; readonly subscriptionId: string }>;
}

let shared: Services | undefined;

/**
 * The services of this process, made from its settings on first use.
 * @throws SettingError when the settings are missing or wrong; never at import.
 */
export function getServices(): Services {
  shared ??= createServices(readConfig(process.env));
  return shared;
}

/** Services for the given settings. */
export function createServices(config: Config): Services {
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    };
  };

  const appCredential = once(async () => {
    const { createCredentials } = await import('./azure/credential.ts');
    return createCredentials({}).app;
  });
  const keyVault = once(async () => {
    const { createKeyVault } = await import('./azure/keyVault.ts');
    return createKeyVault(await appCredential(), config.keyVaultUrl);
  });
  const optionalSecret = async (name: string): Promise<string | undefined> => {
    try {
      return await (await keyVault()).getSecret(name);
    } catch (error) {
      if (error instanceof Missing) return undefined;
      throw error;
    }
  };
  const setting = async (value: string | undefined, setting: string, secret: string): Promise<string> => {
    const found = value ?? (await optionalSecret(secret));
    if (!found)
      throw new SettingError(
        `${setting} is not set, and Key Vault has no secret ${secret}. Set one of them.`,
      );
    return found;
  };
  const target = once(async () => ({
    tenantId: await setting(config.tenantId, 'AZURE_TENANT_ID', 'target-tenant-id'),
    subscriptionId: await setting(config.subscriptionId, 'AZURE_SUBSCRIPTION_ID', 'target-subscription-id'),
  }));
  const targetCredential = once(async () => {
    const clientId = await optionalSecret('main-sp-client-id');
    if (!clientId) return appCredential();
    const clientSecret = await setting(undefined, 'main-sp-client-secret', 'main-sp-client-secret');
    const { createCredentials } = await import('./azure/credential.ts');
    const { tenantId } = await target();
    return createCredentials({ target: { tenantId, clientId, clientSecret } }).target;
  });
  const storage = once(async () => {
    const { createStorage } = await import('./azure/storage.ts');
    return createStorage(
      'account' in config.storage
        ? { account: config.storage.account, credential: await appCredential() }
        : { connectionString: config.storage.connectionString },
    );
  });

  return {
    config,
    target,
    keyVault,
    storage,
    entra: once(async () => (await import('./azure/entra.ts')).createEntra(await targetCredential())),
    resources: once(async () =>
      (await import('./azure/resources.ts')).createResources(
        await targetCredential(),
        (await target()).subscriptionId,
      ),
    ),
    softDeletions: once(async () =>
      (await import('./azure/softDeleted.ts')).createSoftDeletions(
        await targetCredential(),
        (await target()).subscriptionId,
      ),
    ),
    roleAssignments: once(async () =>
      (await import('./azure/roleAssignments.ts')).createRoleAssignments(
        await targetCredential(),
        (await target()).subscriptionId,
      ),
    ),
    resourceGraph: once(async () =>
      (await import('./azure/resourceGraph.ts')).createResourceGraph(
        await targetCredential(),
        (await target()).subscriptionId,
      ),
    ),
    containerApps: once(async () =>
      (await import('./azure/containerApps.ts')).createContainerApps(
        await appCredential(),
        config.environmentId,
      ),
    ),
    serviceBus: once(async () => {
      const { createServiceBus } = await import('./azure/serviceBus.ts');
      const { namespace, endpoint } = config.serviceBus;
      const at = endpoint ? { endpoint } : {};
      if (namespace) return createServiceBus(await appCredential(), { namespace, ...at });
      const secret = await setting(undefined, 'SERVICE_BUS_NAMESPACE', 'service-bus-connection-string');
      return createServiceBus(secret, { namespace: '', ...at });
    }),
    registry: once(async () =>
      (await import('./azure/registry.ts')).createRegistry(await appCredential(), config.registry),
    ),
    records: once(async () => (await import('./records/records.ts')).createRecords(await storage())),
    catalogue: once(async () => (await import('./scenarios/load.ts')).loadScenarios(scenariosDirectory())),
  };
}

/** scenarios/ lies beside the folder of this file, in the sources (src/) as in the package (dist/). */
function scenariosDirectory(): string {
  return join(__dirname, '..', 'scenarios');
}
