import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arm, type Json } from './cloud.ts';
import type { Command } from './commands.ts';
import { groupId, siblingId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import { flattened } from './resources.ts';
import { CliError, logIn } from './session.ts';

const GROUP_VERSION = '2021-04-01';
const SAMPLES = 12;
const MINUTE_MS = 60_000;

/** Commands about the account, the group, monitoring, and those that do something to a resource in their own way. */
export const PLATFORM_COMMANDS: Readonly<Record<string, Command>> = {
  login: async (invocation) => {
    if (!invocation.has('service-principal'))
      throw new CliError('The shim signs in service principals only.', 2);
    await logIn({
      clientId: invocation.need('username'),
      clientSecret: invocation.need('password'),
      tenantId: invocation.need('tenant'),
    });
    return [];
  },
  'account set': async () => undefined,
  'account show': async () => ({
    id: process.env.AZURE_SUBSCRIPTION_ID,
    tenantId: process.env.AZURE_TENANT_ID,
    state: 'Enabled',
  }),
  'extension add': async () => undefined,
  'group show': async (invocation) => arm.get(ownGroup(invocation), GROUP_VERSION),
  'group exists': async (invocation) => (await arm.find(ownGroup(invocation), GROUP_VERSION)) !== undefined,
  'deployment group create': deploy,
  'deployment group delete': async () => undefined,
  'monitor metrics list': async (invocation) => metrics(invocation),
  'monitor metrics list-definitions': async () => [],
  'monitor activity-log list': async (invocation) => {
    await arm.get(groupId(invocation), GROUP_VERSION);
    return [];
  },
  'monitor log-analytics query': async () => [],
  'vm run-command invoke': async (invocation) => {
    await arm.get(vmId(invocation));
    return {
      value: [
        { code: 'ProvisioningState/succeeded', message: 'Enable succeeded: \n[stdout]\nok\n[stderr]\n' },
      ],
    };
  },
  'vm get-instance-view': async (invocation) => ({
    ...flattened(await arm.get(vmId(invocation))),
    instanceView: { statuses: [{ code: 'PowerState/running', displayStatus: 'VM running' }] },
  }),
  'vm list-ip-addresses': async (invocation) => {
    const { name } = await arm.get(vmId(invocation));
    return [{ virtualMachine: { name, network: { publicIpAddresses: [{ ipAddress: '203.0.113.10' }] } } }];
  },
  'vm disk attach': (invocation) =>
    changeDisks(invocation, (disks, name) => [...disks, { name, lun: disks.length, diskSizeGb: 4 }]),
  'vm disk detach': (invocation) =>
    changeDisks(invocation, (disks, name) => disks.filter((disk) => disk.name !== name)),
  'storage account keys list': async (invocation) => {
    const name = invocation.need('account-name', 'name');
    await arm.get(siblingId(invocation, 'Microsoft.Storage/storageAccounts', name));
    return ['key1', 'key2'].map((keyName) => ({
      keyName,
      value: pretendKey(name, keyName),
      permissions: 'FULL',
    }));
  },
  'storage account keys renew': async () => [],
  'cognitiveservices account keys list': async (invocation) => {
    const name = invocation.need('name');
    await arm.get(siblingId(invocation, 'Microsoft.CognitiveServices/accounts', name));
    return { key1: pretendKey(name, 'key1'), key2: pretendKey(name, 'key2') };
  },
  'cognitiveservices account keys regenerate': async (invocation) => ({
    key1: pretendKey(invocation.need('name'), 'new'),
  }),
  'cognitiveservices account purge': async () => {
    throw new CliError(
      "(AuthorizationFailed) The client does not have authorization to perform action 'Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/delete' over the subscription.",
    );
  },
  'keyvault purge': async () => {
    throw new CliError(
      "(AuthorizationFailed) The client does not have authorization to perform action 'Microsoft.KeyVault/locations/deletedVaults/purge/action' over the subscription.",
    );
  },
};

function ownGroup(invocation: Invocation): string {
  return `/subscriptions/${process.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/${invocation.need('name', 'resource-group')}`;
}

function vmId(invocation: Invocation): string {
  return siblingId(invocation, 'Microsoft.Compute/virtualMachines', invocation.need('name', 'vm-name'));
}

/** Templates are not performed; one that asks who is deploying gets its answer. */
async function deploy(invocation: Invocation): Promise<unknown> {
  await arm.get(groupId(invocation), GROUP_VERSION);
  const template: Json = Object(JSON.parse(readFileSync(invocation.need('template-file'), 'utf8')));
  const resources = Array.isArray(template.resources) ? template.resources : [];
  if (resources.length > 0) throw new CliError('The shim deploys no templates with resources.', 2);
  const outputs = Object.keys(Object(template.outputs)).map((name) => [
    name,
    { type: 'String', value: '00000000-0000-4000-8000-000000000002' },
  ]);
  return { properties: { provisioningState: 'Succeeded', outputs: Object.fromEntries(outputs) } };
}

async function metrics(invocation: Invocation): Promise<unknown> {
  const id = invocation.need('resource', 'resource-id');
  await arm.get(id);
  const names = invocation.has('metric') ? invocation.values('metric') : invocation.values('metrics');
  const data = Array.from({ length: SAMPLES }, (_, at) => ({
    timeStamp: new Date(Date.now() - (SAMPLES - at) * 5 * MINUTE_MS).toISOString(),
    average: 3 + (at % 4),
    total: at % 5,
    count: at % 3,
    maximum: 9,
    minimum: 0,
  }));
  return {
    value: (names.length > 0 ? names : ['Metric']).map((name) => ({
      name: { value: name },
      timeseries: [{ data }],
    })),
  };
}

type Disk = Readonly<Record<string, unknown>>;

async function changeDisks(
  invocation: Invocation,
  change: (disks: readonly Disk[], name: string) => readonly Disk[],
): Promise<undefined> {
  const id = siblingId(invocation, 'Microsoft.Compute/virtualMachines', invocation.need('vm-name'));
  const machine = await arm.get(id);
  const { storageProfile = {} } = Object(machine.properties);
  const disks: readonly Disk[] = Array.isArray(storageProfile.dataDisks) ? storageProfile.dataDisks : [];
  const dataDisks = change(disks, invocation.need('name'));
  const properties = { ...Object(machine.properties), storageProfile: { ...storageProfile, dataDisks } };
  await arm.put(id, { location: machine.location, tags: machine.tags, properties });
  return undefined;
}

/** Looks like a key and opens nothing. */
function pretendKey(...parts: readonly string[]): string {
  return createHash('sha512').update(parts.join('/')).digest('base64');
}
