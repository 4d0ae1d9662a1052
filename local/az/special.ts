import { arm } from './cloud.ts';
import type { Command } from './commands.ts';
import { collectionId, siblingId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import { flattened } from './resources.ts';
import { kindOf } from './resourceTypes.ts';
import { CliError } from './session.ts';

/** Commands whose names follow no rule. */
export const SPECIAL_COMMANDS: Readonly<Record<string, Command>> = {
  'acr import': nothing,
  'acr show-usage': async () => ({ value: [] }),
  'afd profile usage': async () => [],
  'aks command invoke': answered('Microsoft.ContainerService/managedClusters', { exitCode: 0, logs: 'ok' }),
  'aks get-upgrades': answered('Microsoft.ContainerService/managedClusters', {
    controlPlaneProfile: { upgrades: [] },
  }),
  'apim deletedservice purge': nothing,
  'afd endpoint purge': async () => undefined,
  'container logs': async () => 'ready',
  'containerapp logs show': async () => [],
  'containerapp revision list': async (invocation) => [await revisionOf(invocation)],
  'containerapp job execution list': async () => [{ name: 'execution', properties: { status: 'Succeeded' } }],
  'cosmosdb keys regenerate': nothing,
  'cosmosdb keys list': async () => ({}),
  'eventhubs eventhub authorization-rule keys list': async () => ({}),
  'eventhubs eventhub authorization-rule keys renew': async () => ({}),
  'functionapp deployment source config-zip': nothing,
  'functionapp keys list': async () => ({ functionKeys: {} }),
  'functionapp keys set': nothing,
  'functionapp keys delete': nothing,
  'network application-gateway show-backend-health': async () => ({ backendAddressPools: [] }),
  'network express-route list-service-providers': async () => [],
  'network route-filter rule list-service-communities': async () => [],
  // Nobody has assigned policies in the pretended subscription.
  'policy assignment list': async () => [],
  'policy state list': async () => [],
  'policy state summarize': async () => ({ results: { nonCompliantResources: 0, nonCompliantPolicies: 0 } }),
  'policy state trigger-scan': nothing,
  'sql db copy': copyDatabase,
  'staticwebapp secrets reset-api-key': nothing,
  'storage blob generate-sas': async () => 'sv=2026-10-06&sig=pretended',
  'vm assess-patches': answered('Microsoft.Compute/virtualMachines', {
    status: 'Succeeded',
    criticalAndSecurityPatchCount: 0,
  }),
  'webapp deploy': nothing,
  'keyvault set-policy': async (invocation) =>
    arm.get(siblingId(invocation, 'Microsoft.KeyVault/vaults', invocation.need('name'))),
  'keyvault delete-policy': async (invocation) =>
    arm.get(siblingId(invocation, 'Microsoft.KeyVault/vaults', invocation.need('name'))),
  'mysql flexible-server parameter set': setParameter('mysql'),
  'postgres flexible-server parameter set': setParameter('postgres'),
  'network private-dns record-set a add-record': addRecord,
  'network private-dns record-set a remove-record': async (invocation) => {
    await arm.remove(recordId(invocation));
  },
};

/** Something of which nothing can be seen here. */
async function nothing(): Promise<undefined> {
  return undefined;
}

/** A fixed answer about a resource, which must exist. */
function answered(type: string, answer: unknown): Command {
  return async (invocation) => {
    await arm.get(siblingId(invocation, type, invocation.need('name')));
    return answer;
  };
}

async function copyDatabase(invocation: Invocation): Promise<unknown> {
  const id = siblingId(invocation, 'Microsoft.Sql/servers', invocation.need('server'));
  const { location, tags, sku } = await arm.get(`${id}/databases/${invocation.need('name')}`);
  const copy = `${id}/databases/${invocation.need('dest-name')}`;
  return flattened(await arm.put(copy, { location, tags, sku, properties: {} }));
}

async function revisionOf(invocation: Invocation): Promise<unknown> {
  const app = flattened(
    await arm.get(siblingId(invocation, 'Microsoft.App/containerApps', invocation.need('name'))),
  );
  const { latestRevisionName: name } = Object(app.properties);
  return {
    name,
    properties: {
      active: true,
      trafficWeight: 100,
      runningState: 'Running',
      healthState: 'Healthy',
      replicas: 1,
      createdTime: '',
    },
  };
}

function setParameter(engine: 'mysql' | 'postgres'): Command {
  return async (invocation) => {
    const kind = kindOf(`${engine} flexible-server parameter`);
    if (!kind) throw new CliError(`The shim knows no parameters of ${engine}.`, 2);
    const id = `${collectionId(invocation, kind)}/${invocation.need('name')}`;
    const value = invocation.value('value') ?? 'default';
    return flattened(await arm.put(id, { properties: { value, source: 'user-override' } }));
  };
}

function recordId(invocation: Invocation): string {
  const kind = kindOf('network private-dns record-set a');
  if (!kind) throw new CliError('The shim knows no DNS records.', 2);
  return `${collectionId(invocation, kind)}/${invocation.need('record-set-name', 'name')}`;
}

async function addRecord(invocation: Invocation): Promise<unknown> {
  const address = invocation.need('ipv4-address');
  return flattened(
    await arm.put(recordId(invocation), { properties: { ttl: 3_600, aRecords: [{ ipv4Address: address }] } }),
  );
}
