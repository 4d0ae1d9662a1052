import type { Privilege } from '../../src/domain/scenario.ts';

const LOOK = 'show list wait';
const MANAGE = `${LOOK} create update delete`;
const SWITCH = `${MANAGE} start stop restart`;

/**
 * Groups of `az` commands and the verbs in them that a repair may use. What is not here is refused. Left out on purpose:
 * whatever answers with keys, credentials, connection strings or secrets; whatever runs programs (run-command, exec,
 * extensions, deployments of templates); and whatever reaches beyond one resource group.
 */
const ALLOWED: Readonly<Record<string, string>> = {
  group: 'show exists wait',
  resource: 'show list wait delete tag',
  // Compute
  vm: `${SWITCH} deallocate resize redeploy list-sizes list-ip-addresses get-instance-view open-port list-skus`,
  'vm disk': 'attach detach',
  'vm nic': 'add list remove set show',
  'vm identity': 'show assign remove',
  'vm boot-diagnostics': 'enable disable',
  'vm image': 'list show list-skus list-offers',
  vmss: `${SWITCH} deallocate scale list-instances list-instance-public-ips get-instance-view`,
  'vm availability-set': MANAGE,
  disk: MANAGE,
  snapshot: MANAGE,
  image: MANAGE,
  // Network
  'network vnet': `${MANAGE} list-available-ips check-ip-address`,
  'network vnet subnet': `${MANAGE} list-available-ips`,
  'network vnet peering': `${MANAGE} sync`,
  'network nsg': MANAGE,
  'network nsg rule': MANAGE,
  'network asg': MANAGE,
  'network nic': MANAGE,
  'network nic ip-config': MANAGE,
  'network public-ip': MANAGE,
  'network public-ip prefix': MANAGE,
  'network nat gateway': MANAGE,
  'network route-table': MANAGE,
  'network route-table route': MANAGE,
  'network lb': MANAGE,
  'network lb rule': MANAGE,
  'network lb probe': MANAGE,
  'network lb address-pool': MANAGE,
  'network lb frontend-ip': MANAGE,
  'network lb inbound-nat-rule': MANAGE,
  'network application-gateway': SWITCH,
  'network application-gateway rule': MANAGE,
  'network application-gateway probe': MANAGE,
  'network application-gateway http-settings': MANAGE,
  'network application-gateway http-listener': MANAGE,
  'network application-gateway address-pool': MANAGE,
  'network application-gateway waf-policy': MANAGE,
  'network private-endpoint': MANAGE,
  'network private-endpoint dns-zone-group': MANAGE,
  'network private-dns zone': MANAGE,
  'network private-dns link vnet': MANAGE,
  'network private-dns record-set a': `${MANAGE} add-record remove-record`,
  'network dns zone': MANAGE,
  'network dns record-set a': `${MANAGE} add-record remove-record`,
  'network vnet-gateway': MANAGE,
  'network local-gateway': MANAGE,
  'network vpn-connection': 'show list wait update delete',
  'network watcher': 'show-topology',
  'network express-route': MANAGE,
  // Storage
  'storage account': `${MANAGE} check-name show-usage`,
  'storage account blob-service-properties': 'show update',
  'storage account management-policy': 'show create update delete',
  'storage account network-rule': 'add list remove',
  'storage container-rm': `${MANAGE} exists`,
  'storage container': 'create delete exists list show',
  'storage blob': 'delete exists list show set-tier undelete',
  'storage blob service-properties': 'show update',
  'storage share-rm': `${MANAGE} exists`,
  'storage queue': 'create delete exists list',
  'storage table': 'create delete exists list',
  // Containers
  containerapp: 'show list create update delete',
  'containerapp env': MANAGE,
  'containerapp revision': 'list show activate deactivate restart set-mode',
  'containerapp ingress': 'show enable disable update',
  'containerapp ingress traffic': 'show set',
  'containerapp job': 'show list create update delete start stop',
  'containerapp job execution': 'list show',
  'containerapp replica': 'list show count',
  container: 'show list create delete start stop restart',
  acr: `${LOOK} create update delete check-health show-usage`,
  'acr repository': 'list show show-tags',
  aks: `${MANAGE} start stop scale get-upgrades get-versions`,
  'aks nodepool': `${MANAGE} scale start stop`,
  // Web
  'appservice plan': 'show list create update delete',
  webapp: 'show list create update delete start stop restart list-runtimes browse',
  'webapp config': 'show set',
  'webapp deployment slot': 'create delete list swap',
  'webapp log': 'config show',
  functionapp: 'show list create update delete start stop restart',
  staticwebapp: 'show list create update delete',
  apim: 'show list create update delete wait check-name',
  'apim api': MANAGE,
  'afd profile': `${MANAGE} usage`,
  'afd endpoint': `${MANAGE} purge`,
  'afd origin-group': MANAGE,
  'afd origin': MANAGE,
  'afd route': MANAGE,
  'afd rule-set': 'show list create delete',
  'afd rule': MANAGE,
  // Data
  'mysql flexible-server': SWITCH,
  'mysql flexible-server db': 'create delete list show',
  'mysql flexible-server firewall-rule': MANAGE,
  'mysql flexible-server parameter': 'list set show',
  'mysql flexible-server backup': 'create list show delete',
  'postgres flexible-server': SWITCH,
  'postgres flexible-server db': 'create delete list show',
  'postgres flexible-server firewall-rule': MANAGE,
  'postgres flexible-server parameter': 'list set show',
  'sql server': MANAGE,
  'sql server firewall-rule': 'create delete list show update',
  'sql db': `${LOOK} create update delete`,
  'sql mi': SWITCH,
  cosmosdb: 'show list create update delete exists failover-priority-change',
  'cosmosdb sql database': 'create delete exists list show',
  'cosmosdb sql container': 'create delete exists list show update',
  redis: 'show list create update delete',
  'redis firewall-rules': 'create delete list show update',
  'eventhubs namespace': MANAGE,
  'eventhubs eventhub': MANAGE,
  'eventhubs eventhub consumer-group': MANAGE,
  'servicebus namespace': MANAGE,
  'servicebus queue': MANAGE,
  'servicebus topic': MANAGE,
  'stream-analytics job': SWITCH,
  'synapse workspace': MANAGE,
  'synapse spark pool': MANAGE,
  'databricks workspace': MANAGE,
  datafactory: 'show list create update delete',
  // AI, monitoring, security, hybrid
  'cognitiveservices account': `show list create update delete list-skus list-usage list-models list-deleted purge`,
  'cognitiveservices account deployment': 'create delete list show',
  'cognitiveservices account network-rule': 'add list remove',
  'cognitiveservices account identity': 'assign remove show',
  'ml workspace': 'show list create update delete',
  'ml compute': 'show list create update delete start stop',
  bot: 'show create update delete',
  'search service': 'show list create update delete',
  keyvault: `${LOOK} create update delete list-deleted show-deleted recover purge`,
  'keyvault network-rule': 'add list remove',
  'keyvault secret': 'list list-deleted list-versions show-deleted delete recover purge set-attributes',
  'keyvault key': 'list create delete list-deleted recover purge',
  'keyvault certificate': 'list delete list-deleted recover purge',
  identity: 'show list create delete',
  'identity federated-credential': 'list show delete',
  'monitor metrics': 'list list-definitions',
  'monitor activity-log': 'list',
  'monitor activity-log alert': 'create delete list show update',
  'monitor metrics alert': 'create delete list show update',
  'monitor action-group': 'show list create update delete',
  'monitor log-analytics workspace': `${LOOK} create update delete list-usages`,
  'monitor log-analytics workspace saved-search': 'create delete list show update',
  'monitor diagnostic-settings': 'create delete list show update',
  'monitor app-insights component': 'create delete update',
  'monitor autoscale': 'create delete list show update',
  'monitor autoscale rule': 'create delete list',
  'backup vault': 'create delete list show',
  'backup policy': 'list show delete',
  connectedmachine: 'show list delete update',
  'network manager': 'show list create delete',
};

/** What a scenario may besides, when its front matter says so and an operator has allowed it. */
const PRIVILEGED: Readonly<Record<Privilege, Readonly<Record<string, string>>>> = {
  'role-assignment': {
    'role assignment': 'create delete list',
    'role definition': 'list',
  },
  // No agent has rights in Entra ID (scenarios/README.md).
  entra: {},
};

/** Whether the command `path`, such as "network vnet create", is on the list. */
export function isListed(path: string, privileges: readonly Privilege[]): boolean {
  const at = path.lastIndexOf(' ');
  const [group, verb] = [path.slice(0, at), path.slice(at + 1)];
  const tables = [ALLOWED, ...privileges.map((privilege) => PRIVILEGED[privilege])];
  return tables.some(
    (table) => Object.hasOwn(table, group) && table[group]?.split(' ').includes(verb) === true,
  );
}

/** Commands that reach their target over the internet by a name alone, and not through a resource group. */
const BY_NAME = [
  /^keyvault (?:secret|key|certificate|network-rule) /,
  /^keyvault (?:list-deleted|show-deleted|recover|purge)$/,
  /^storage (?:container|blob|queue|table|blob service-properties) /,
  /^acr repository /,
];
/** Lists of what Azure offers, the same for everybody. */
const OFFERS =
  /^(?:vm (?:list-sizes|list-skus)|vm image .*|webapp list-runtimes|aks get-versions|role definition list|role assignment .*|storage account check-name|monitor (?:metrics|diagnostic-settings) .*)$/;

/** How a command says what it is about: in a group, by a name that must be ours, or in another way that is checked. */
export function reachOf(path: string): 'group' | 'name' | 'other' {
  if (BY_NAME.some((pattern) => pattern.test(path))) return 'name';
  return OFFERS.test(path) ? 'other' : 'group';
}
