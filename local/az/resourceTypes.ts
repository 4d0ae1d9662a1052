/** What a group of commands is about: a resource type, and the options that name its ancestors, outermost first. */
export interface ResourceKind {
  readonly type: string;
  readonly parents: readonly string[];
  /** Option that names the resource itself, when it is not --name. */
  readonly nameOption?: string;
  /** The name, when there is only ever one. */
  readonly fixedName?: string;
}

/** `group: Namespace/type` with `< option` for each ancestor. */
const TABLE = `
acr: Microsoft.ContainerRegistry/registries
acr webhook: Microsoft.ContainerRegistry/registries/webhooks < registry
aks: Microsoft.ContainerService/managedClusters
aks nodepool: Microsoft.ContainerService/managedClusters/agentPools < cluster-name
afd profile: Microsoft.Cdn/profiles
afd endpoint: Microsoft.Cdn/profiles/afdEndpoints < profile-name | endpoint-name
afd origin-group: Microsoft.Cdn/profiles/originGroups < profile-name | origin-group-name
afd origin: Microsoft.Cdn/profiles/originGroups/origins < profile-name origin-group-name | origin-name
afd route: Microsoft.Cdn/profiles/afdEndpoints/routes < profile-name endpoint-name | route-name
afd rule-set: Microsoft.Cdn/profiles/ruleSets < profile-name | rule-set-name
afd rule: Microsoft.Cdn/profiles/ruleSets/rules < profile-name rule-set-name | rule-name
apim: Microsoft.ApiManagement/service
apim api: Microsoft.ApiManagement/service/apis < service-name | api-id
apim api operation: Microsoft.ApiManagement/service/apis/operations < service-name api-id | operation-id
apim product: Microsoft.ApiManagement/service/products < service-name | product-id
apim nv: Microsoft.ApiManagement/service/namedValues < service-name | named-value-id
appconfig: Microsoft.AppConfiguration/configurationStores
appservice plan: Microsoft.Web/serverfarms
automation account: Microsoft.Automation/automationAccounts
backup vault: Microsoft.RecoveryServices/vaults
backup policy: Microsoft.RecoveryServices/vaults/backupPolicies < vault-name
bot: Microsoft.BotService/botServices
cognitiveservices account: Microsoft.CognitiveServices/accounts
cognitiveservices account deployment: Microsoft.CognitiveServices/accounts/deployments < name | deployment-name
container: Microsoft.ContainerInstance/containerGroups
containerapp: Microsoft.App/containerApps
containerapp env: Microsoft.App/managedEnvironments
cosmosdb: Microsoft.DocumentDB/databaseAccounts
cosmosdb sql database: Microsoft.DocumentDB/databaseAccounts/sqlDatabases < account-name
cosmosdb sql container: Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers < account-name database-name
databricks workspace: Microsoft.Databricks/workspaces
datafactory: Microsoft.DataFactory/factories
disk: Microsoft.Compute/disks
eventhubs namespace: Microsoft.EventHub/namespaces
eventhubs eventhub: Microsoft.EventHub/namespaces/eventhubs < namespace-name
eventhubs eventhub consumer-group: Microsoft.EventHub/namespaces/eventhubs/consumergroups < namespace-name eventhub-name
eventhubs eventhub authorization-rule: Microsoft.EventHub/namespaces/eventhubs/authorizationRules < namespace-name eventhub-name
eventhubs namespace authorization-rule: Microsoft.EventHub/namespaces/authorizationRules < namespace-name
functionapp: Microsoft.Web/sites
functionapp plan: Microsoft.Web/serverfarms
identity: Microsoft.ManagedIdentity/userAssignedIdentities
identity federated-credential: Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials < identity-name
image: Microsoft.Compute/images
keyvault: Microsoft.KeyVault/vaults
maintenance configuration: Microsoft.Maintenance/maintenanceConfigurations | resource-name
ml workspace: Microsoft.MachineLearningServices/workspaces
ml compute: Microsoft.MachineLearningServices/workspaces/computes < workspace-name
monitor action-group: Microsoft.Insights/actionGroups
monitor activity-log alert: Microsoft.Insights/activityLogAlerts
monitor app-insights component: Microsoft.Insights/components | app
monitor autoscale: Microsoft.Insights/autoscaleSettings
monitor data-collection rule: Microsoft.Insights/dataCollectionRules
monitor log-analytics workspace: Microsoft.OperationalInsights/workspaces | workspace-name
monitor log-analytics workspace saved-search: Microsoft.OperationalInsights/workspaces/savedSearches < workspace-name
monitor log-analytics workspace table: Microsoft.OperationalInsights/workspaces/tables < workspace-name
monitor metrics alert: Microsoft.Insights/metricAlerts
monitor scheduled-query: Microsoft.Insights/scheduledQueryRules
mysql flexible-server: Microsoft.DBforMySQL/flexibleServers
mysql flexible-server db: Microsoft.DBforMySQL/flexibleServers/databases < server-name | database-name
mysql flexible-server firewall-rule: Microsoft.DBforMySQL/flexibleServers/firewallRules < name | rule-name
mysql flexible-server parameter: Microsoft.DBforMySQL/flexibleServers/configurations < server-name
mysql flexible-server backup: Microsoft.DBforMySQL/flexibleServers/backups < name | backup-name
network application-gateway: Microsoft.Network/applicationGateways
network application-gateway waf-policy: Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies
network asg: Microsoft.Network/applicationSecurityGroups
network bastion: Microsoft.Network/bastionHosts
network dns zone: Microsoft.Network/dnsZones
network express-route: Microsoft.Network/expressRouteCircuits
network express-route peering: Microsoft.Network/expressRouteCircuits/peerings < circuit-name
network lb: Microsoft.Network/loadBalancers
network local-gateway: Microsoft.Network/localNetworkGateways
network nat gateway: Microsoft.Network/natGateways
network nic: Microsoft.Network/networkInterfaces
network nsg: Microsoft.Network/networkSecurityGroups
network nsg rule: Microsoft.Network/networkSecurityGroups/securityRules < nsg-name
network private-dns link vnet: Microsoft.Network/privateDnsZones/virtualNetworkLinks < zone-name
network private-dns zone: Microsoft.Network/privateDnsZones
network private-dns record-set a: Microsoft.Network/privateDnsZones/A < zone-name | record-set-name
network private-endpoint: Microsoft.Network/privateEndpoints
network private-endpoint dns-zone-group: Microsoft.Network/privateEndpoints/privateDnsZoneGroups < endpoint-name
network public-ip: Microsoft.Network/publicIPAddresses
network public-ip prefix: Microsoft.Network/publicIPPrefixes
network route-filter: Microsoft.Network/routeFilters
network route-table: Microsoft.Network/routeTables
network route-table route: Microsoft.Network/routeTables/routes < route-table-name
network traffic-manager profile: Microsoft.Network/trafficManagerProfiles
network vnet: Microsoft.Network/virtualNetworks
network vnet peering: Microsoft.Network/virtualNetworks/virtualNetworkPeerings < vnet-name
network vnet subnet: Microsoft.Network/virtualNetworks/subnets < vnet-name
network vnet-gateway: Microsoft.Network/virtualNetworkGateways
network vpn-connection: Microsoft.Network/connections
postgres flexible-server: Microsoft.DBforPostgreSQL/flexibleServers
postgres flexible-server db: Microsoft.DBforPostgreSQL/flexibleServers/databases < server-name | database-name
postgres flexible-server firewall-rule: Microsoft.DBforPostgreSQL/flexibleServers/firewallRules < name | rule-name
postgres flexible-server parameter: Microsoft.DBforPostgreSQL/flexibleServers/configurations < server-name
postgres flexible-server backup: Microsoft.DBforPostgreSQL/flexibleServers/backups < name | backup-name
redis: Microsoft.Cache/redis
redis firewall-rules: Microsoft.Cache/redis/firewallRules < name | rule-name
redis patch-schedule: Microsoft.Cache/redis/patchSchedules < name | fixed:default
relay namespace: Microsoft.Relay/namespaces
relay hyco: Microsoft.Relay/namespaces/hybridConnections < namespace-name
search service: Microsoft.Search/searchServices
servicebus namespace: Microsoft.ServiceBus/namespaces
servicebus queue: Microsoft.ServiceBus/namespaces/queues < namespace-name
servicebus topic: Microsoft.ServiceBus/namespaces/topics < namespace-name
snapshot: Microsoft.Compute/snapshots
sql db: Microsoft.Sql/servers/databases < server
sql server: Microsoft.Sql/servers
sql server firewall-rule: Microsoft.Sql/servers/firewallRules < server
sql elastic-pool: Microsoft.Sql/servers/elasticPools < server
sql mi: Microsoft.Sql/managedInstances
sshkey: Microsoft.Compute/sshPublicKeys
staticwebapp: Microsoft.Web/staticSites
storage account: Microsoft.Storage/storageAccounts
storage account blob-service-properties: Microsoft.Storage/storageAccounts/blobServices < account-name | fixed:default
storage account management-policy: Microsoft.Storage/storageAccounts/managementPolicies < account-name | fixed:default
storage container-rm: Microsoft.Storage/storageAccounts/blobServices/containers < storage-account fixed:default
storage share-rm: Microsoft.Storage/storageAccounts/fileServices/shares < storage-account fixed:default
stream-analytics job: Microsoft.StreamAnalytics/streamingjobs | job-name
stream-analytics input: Microsoft.StreamAnalytics/streamingjobs/inputs < job-name | input-name
stream-analytics output: Microsoft.StreamAnalytics/streamingjobs/outputs < job-name | output-name
stream-analytics transformation: Microsoft.StreamAnalytics/streamingjobs/transformations < job-name | transformation-name
synapse workspace: Microsoft.Synapse/workspaces
synapse workspace firewall-rule: Microsoft.Synapse/workspaces/firewallRules < workspace-name
synapse spark pool: Microsoft.Synapse/workspaces/bigDataPools < workspace-name
vm: Microsoft.Compute/virtualMachines
vm availability-set: Microsoft.Compute/availabilitySets
vm extension: Microsoft.Compute/virtualMachines/extensions < vm-name
vmss: Microsoft.Compute/virtualMachineScaleSets
webapp: Microsoft.Web/sites
webapp deployment slot: Microsoft.Web/sites/slots < name | slot
`;

const KINDS: ReadonlyMap<string, ResourceKind> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [, group = '', type = '', parents = '', name = ''] =
        /^([^:]+): (\S+)(?: < ([^|]*))?(?:\s*\| (\S+))?$/.exec(line) ?? [];
      const fixedName = name.startsWith('fixed:') ? name.slice('fixed:'.length) : undefined;
      return [
        group,
        {
          type,
          parents: parents.trim() ? parents.trim().split(' ') : [],
          ...(fixedName ? { fixedName } : name ? { nameOption: name } : {}),
        },
      ] as const;
    }),
);

/** The kind of resource that the commands of `group` (such as "network vnet subnet") are about. */
export function kindOf(group: string): ResourceKind | undefined {
  return KINDS.get(group);
}

export const KNOWN_GROUPS: readonly string[] = [...KINDS.keys()];
