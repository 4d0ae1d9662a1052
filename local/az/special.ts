import { arm } from './cloud.ts';
import type { Command } from './commands.ts';
import { collectionId, siblingId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import { flattened } from './resources.ts';
import { kindOf } from './resourceTypes.ts';
import { CliError } from './session.ts';

/** Commands whose names follow no rule. */
export const SPECIAL_COMMANDS: Readonly<Record<string, Command>> = {
  'ad app credential reset': async (_invocation) => ({}),
  'afd profile usage': async () => [],
  'afd endpoint purge': async () => undefined,
  'container logs': async () => 'ready',
  'containerapp logs show': async () => [],
  'containerapp revision list': async (invocation) => [await revisionOf(invocation)],
  'containerapp job execution list': async () => [{ name: 'execution', properties: { status: 'Succeeded' } }],
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
