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
const THINGS: ReadonlySet<string> = new Set(
  `
    acr manifest
    acr repository
    afd custom-domain
    apim product api
    backup item
    backup job
    backup vault backup-properties
    backup vault identity
    bot directline
    bot msteams
    cognitiveservices account commitment-plan
    cognitiveservices account identity
    cognitiveservices account network-rule
    containerapp ingress
    containerapp ingress traffic
    containerapp job
    containerapp job execution
    containerapp replica
    containerapp revision
    containerapp secret
    cosmosdb sql stored-procedure
    eventhubs namespace network-rule
    functionapp config
    functionapp config appsettings
    functionapp cors
    functionapp function
    functionapp identity
    keyvault network-rule
    monitor autoscale profile
    monitor autoscale rule
    monitor diagnostic-settings
    network application-gateway address-pool
    network application-gateway http-settings
    network application-gateway probe
    network application-gateway rule
    network application-gateway waf-policy custom-rule
    network application-gateway waf-policy custom-rule match-condition
    network application-gateway waf-policy managed-rule exclusion
    network application-gateway waf-policy policy-setting
    network dns record-set a
    network dns record-set cname
    network dns record-set txt
    network lb address-pool
    network lb inbound-nat-rule
    network lb outbound-rule
    network lb probe
    network lb rule
    network nic ip-config
    network nic ip-config address-pool
    network private-endpoint-connection
    network private-link-resource
    network route-filter rule
    network vpn-connection ipsec-policy
    network vpn-connection shared-key
    policy definition
    resource lock
    sql db str-policy
    sql db tde
    sql server audit-policy
    staticwebapp appsettings
    staticwebapp environment
    staticwebapp hostname
    staticwebapp users
    storage account network-rule
    storage entity
    storage file
    storage fs file
    storage message
    storage queue
    storage table
    synapse integration-runtime
    vm boot-diagnostics
    vm identity
    webapp config
    webapp config access-restriction
    webapp config appsettings
    webapp config connection-string
    webapp config container
    webapp identity
    webapp log
    webapp log deployment
    webapp traffic-routing
  `
    .trim()
    .split(/\s*\n\s*/),
);

const ADD = verbs('add create set assign enable update add-record put insert config upload');
const REMOVE = verbs('remove delete disable remove-record clear reject');
const LOOK = verbs('list show exists get peek start stop restart activate deactivate list-metadata');

function verbs(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

/** The command that serves `path`, when it is about one of these things. */
export function pretendedCommand(path: string): Command | undefined {
  const at = path.lastIndexOf(' ');
  const [group, verb] = [path.slice(0, at), path.slice(at + 1)];
  if (!THINGS.has(group)) return undefined;
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
