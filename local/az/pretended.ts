import { camel, plain } from './body.ts';
import { arm } from './cloud.ts';
import type { Command } from './commands.ts';
import { groupId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import { CliError } from './session.ts';
import type { DataStore } from './store.ts';

/**
 * Groups of commands about things inside a resource that Azure does not count as resources, or that the stand-in does not
 * play. The shim keeps them itself, so that what is added can be listed, changed and removed.
 */
const THINGS = [
  'ad app federated-credential',
  'ad app owner',
  'afd custom-domain',
  'cognitiveservices account commitment-plan',
  'cognitiveservices account identity',
  'cognitiveservices account network-rule',
  'containerapp ingress',
  'containerapp ingress traffic',
  'containerapp job',
  'containerapp job execution',
  'containerapp replica',
  'containerapp revision',
  'containerapp secret',
  'eventhubs namespace network-rule',
  'keyvault network-rule',
  'monitor autoscale rule',
  'monitor diagnostic-settings',
  'network application-gateway address-pool',
  'network application-gateway http-settings',
  'network application-gateway probe',
  'network application-gateway rule',
  'network dns record-set a',
  'network dns record-set cname',
  'network dns record-set txt',
  'network lb address-pool',
  'network lb inbound-nat-rule',
  'network lb outbound-rule',
  'network lb probe',
  'network lb rule',
  'network nic ip-config',
  'resource lock',
  'sql db tde',
  'sql server audit-policy',
  'staticwebapp appsettings',
  'storage account network-rule',
  'storage entity',
  'storage message',
  'storage queue',
  'storage table',
  'vm boot-diagnostics',
  'vm identity',
  'webapp config',
  'webapp config appsettings',
  'webapp config connection-string',
  'webapp identity',
  'webapp log',
  'functionapp config appsettings',
  'functionapp identity',
] as const;

const ADD = new Set([
  'add',
  'create',
  'set',
  'assign',
  'enable',
  'update',
  'add-record',
  'put',
  'insert',
  'config',
]);
const REMOVE = new Set(['remove', 'delete', 'disable', 'remove-record', 'clear']);
const LOOK = new Set([
  'list',
  'show',
  'exists',
  'get',
  'peek',
  'start',
  'stop',
  'restart',
  'activate',
  'deactivate',
]);

/** The command that serves `path`, when it is about one of these things. */
export function pretendedCommand(path: string): Command | undefined {
  const at = path.lastIndexOf(' ');
  const [group, verb] = [path.slice(0, at), path.slice(at + 1)];
  if (!THINGS.some((thing) => thing === group)) return undefined;
  if (ADD.has(verb)) return add;
  if (REMOVE.has(verb)) return remove;
  return LOOK.has(verb) ? look : undefined;
}

async function add(invocation: Invocation, store: DataStore): Promise<unknown> {
  await requireGroup(invocation);
  const options = invocation.entries().filter(([name]) => name !== 'output' && name !== 'query');
  const before = store.get(invocation.group, keyOf(invocation)) ?? {};
  const item = {
    ...before,
    ...Object.fromEntries(options.map(([name, values]) => [camel(name), plain(values)])),
    type: 'SystemAssigned',
    principalId: '00000000-0000-4000-8000-000000000003',
  };
  store.put(invocation.group, keyOf(invocation), item);
  return item;
}

async function remove(invocation: Invocation, store: DataStore): Promise<unknown> {
  await requireGroup(invocation);
  store.remove(invocation.group, keyOf(invocation));
  return undefined;
}

async function look(invocation: Invocation, store: DataStore): Promise<unknown> {
  await requireGroup(invocation);
  if (invocation.verb === 'exists')
    return { exists: store.get(invocation.group, keyOf(invocation)) !== undefined };
  if (invocation.verb !== 'list') return store.get(invocation.group, keyOf(invocation)) ?? {};
  const items = store.list(invocation.group, '').map(([, item]) => item);
  return invocation.group.endsWith('network-rule')
    ? { ipRules: items.map(({ ipAddress }) => ({ value: ipAddress })) }
    : items;
}

async function requireGroup(invocation: Invocation): Promise<void> {
  if (!invocation.has('resource-group')) return;
  if (!(await arm.find(groupId(invocation), '2021-04-01'))) {
    throw new CliError(
      `(ResourceGroupNotFound) ${invocation.value('resource-group')} could not be found.`,
      3,
    );
  }
}

/** Things are told apart by the options that name them. */
function keyOf(invocation: Invocation): string {
  const names = ['name', 'ip-address', 'rule-name', 'record-set-name', 'revision', 'id', 'vm-name'];
  return names.flatMap((name) => invocation.value(name) ?? []).join('/');
}
