/** Resource types of a namespace with the API versions they accept, newest last. */
type Catalog = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const COMPUTE = ['2023-09-01', '2024-03-01', '2024-07-01', '2024-11-01', '2025-04-01'];
const NETWORK = ['2023-09-01', '2023-11-01', '2024-01-01', '2024-05-01', '2025-01-01'];
const STORAGE = ['2023-01-01', '2023-05-01', '2024-01-01', '2025-01-01'];
const WEB = ['2022-09-01', '2023-12-01', '2024-04-01', '2024-11-01'];
const APP = ['2024-03-01', '2025-01-01', '2025-07-01', '2026-01-01', '2026-07-01'];
const VAULT = ['2023-07-01', '2024-11-01', '2025-05-01'];
const SQL = ['2021-11-01', '2023-08-01'];
const POSTGRES = ['2022-12-01', '2024-08-01', '2025-08-01'];
const MYSQL = ['2023-12-30', '2024-12-30'];
const COSMOS = ['2023-11-15', '2024-05-15', '2024-11-15', '2025-04-15'];
const COGNITIVE = ['2023-05-01', '2024-10-01', '2025-06-01'];
const SEARCH = ['2023-11-01', '2025-05-01'];
const MACHINE_LEARNING = ['2024-04-01', '2024-10-01', '2025-06-01'];
const EVENT_HUB = ['2021-11-01', '2024-01-01'];
const STREAM = ['2020-03-01', '2021-10-01-preview'];
const DATA_FACTORY = ['2018-06-01'];
const INSTANCES = ['2023-05-01', '2024-05-01-preview', '2025-09-01'];
const REGISTRY = ['2023-07-01', '2025-04-01', '2025-11-01'];
const AKS = ['2024-09-01', '2025-05-01', '2025-08-01'];
const LOGS = ['2022-10-01', '2023-09-01', '2025-02-01', '2025-07-01'];
const IDENTITY = ['2018-11-30', '2023-01-31', '2024-11-30'];
const AUTHORIZATION = ['2022-04-01'];
const LOCKS = ['2016-09-01', '2017-04-01', '2020-05-01'];
const BUS = ['2021-11-01', '2024-01-01'];
const ARC = ['2024-07-10', '2025-01-13'];
const RECOVERY = ['2023-04-01', '2024-10-01', '2025-02-01'];
const GATEWAY = ['2022-08-01', '2024-05-01'];
const CONFIGURATION = ['2023-03-01', '2024-05-01'];
const CDN = ['2023-05-01', '2024-02-01', '2025-04-15'];
const EVENT_GRID = ['2022-06-15', '2025-02-15'];
const RESOURCES = [
  '2016-06-01',
  '2020-06-01',
  '2021-04-01',
  '2022-09-01',
  '2022-12-01',
  '2024-03-01',
  '2024-11-01',
  '2025-04-01',
];

function types(versions: readonly string[], names: string): Record<string, readonly string[]> {
  return Object.fromEntries(names.split(' ').map((name) => [name, versions]));
}

/** What the stand-in's subscription has registered: the namespaces that the scenarios and the app use. */
export const CATALOG: Catalog = {
  'Microsoft.Resources': types(
    RESOURCES,
    'resourceGroups resources subscriptions providers tags deployments operationResults operationStatuses',
  ),
  'Microsoft.App': types(
    APP,
    'managedEnvironments containerApps jobs jobs/executions managedEnvironments/storages sessionPools',
  ),
  'Microsoft.Compute': types(
    COMPUTE,
    'virtualMachines virtualMachines/extensions virtualMachineScaleSets disks snapshots images availabilitySets proximityPlacementGroups sshPublicKeys galleries galleries/images',
  ),
  'Microsoft.Network': types(
    NETWORK,
    'virtualNetworks virtualNetworks/subnets virtualNetworks/virtualNetworkPeerings networkInterfaces networkSecurityGroups networkSecurityGroups/securityRules applicationSecurityGroups publicIPAddresses publicIPPrefixes natGateways routeTables routeTables/routes loadBalancers applicationGateways privateEndpoints privateEndpoints/privateDnsZoneGroups routeFilters connections expressRouteCircuits expressRouteCircuits/peerings ApplicationGatewayWebApplicationFirewallPolicies privateDnsZones privateDnsZones/virtualNetworkLinks privateDnsZones/A dnsZones dnsZones/A dnsZones/TXT trafficManagerProfiles azureFirewalls firewallPolicies bastionHosts networkWatchers ddosProtectionPlans virtualNetworkGateways localNetworkGateways',
  ),
  'Microsoft.Storage': types(
    STORAGE,
    'storageAccounts storageAccounts/blobServices storageAccounts/blobServices/containers storageAccounts/queueServices storageAccounts/queueServices/queues storageAccounts/tableServices storageAccounts/tableServices/tables storageAccounts/fileServices storageAccounts/fileServices/shares storageAccounts/managementPolicies',
  ),
  'Microsoft.KeyVault': types(
    VAULT,
    'vaults vaults/secrets vaults/keys vaults/accessPolicies deletedVaults locations/deletedVaults',
  ),
  'Microsoft.Web': types(
    WEB,
    'sites sites/slots sites/config serverfarms staticSites certificates connections',
  ),
  'Microsoft.Sql': types(
    SQL,
    'servers servers/databases servers/firewallRules servers/elasticPools servers/auditingSettings managedInstances',
  ),
  'Microsoft.DBforPostgreSQL': types(
    POSTGRES,
    'flexibleServers flexibleServers/databases flexibleServers/firewallRules flexibleServers/configurations flexibleServers/backups',
  ),
  'Microsoft.DBforMySQL': types(
    MYSQL,
    'flexibleServers flexibleServers/databases flexibleServers/firewallRules flexibleServers/configurations flexibleServers/backups',
  ),
  'Microsoft.Cache': types(
    ['2023-08-01', '2024-10-01', '2024-11-01'],
    'redis redis/firewallRules redis/patchSchedules redisEnterprise redisEnterprise/databases',
  ),
  'Microsoft.DocumentDB': types(
    COSMOS,
    'databaseAccounts databaseAccounts/sqlDatabases databaseAccounts/sqlDatabases/containers databaseAccounts/tables',
  ),
  'Microsoft.CognitiveServices': types(
    COGNITIVE,
    'accounts accounts/deployments accounts/projects deletedAccounts locations/resourceGroups/deletedAccounts',
  ),
  'Microsoft.Search': types(SEARCH, 'searchServices'),
  'Microsoft.MachineLearningServices': types(
    MACHINE_LEARNING,
    'deletedWorkspaces workspaces workspaces/computes workspaces/data workspaces/data/versions workspaces/environments workspaces/environments/versions',
  ),
  'Microsoft.BotService': types(['2022-09-15', '2023-09-15-preview'], 'botServices'),
  'Microsoft.EventHub': types(
    EVENT_HUB,
    'namespaces namespaces/eventhubs namespaces/eventhubs/consumergroups namespaces/eventhubs/authorizationRules namespaces/authorizationRules',
  ),
  'Microsoft.EventGrid': types(EVENT_GRID, 'topics topics/eventSubscriptions systemTopics domains'),
  'Microsoft.StreamAnalytics': types(
    STREAM,
    'streamingjobs streamingjobs/inputs streamingjobs/outputs streamingjobs/transformations',
  ),
  'Microsoft.DataFactory': types(
    DATA_FACTORY,
    'factories factories/pipelines factories/datasets factories/linkedservices factories/triggers',
  ),
  'Microsoft.Synapse': types(
    ['2021-06-01'],
    'deletedWorkspaces workspaces workspaces/firewallRules workspaces/bigDataPools',
  ),
  'Microsoft.Kusto': types(['2023-08-15', '2024-04-13'], 'clusters clusters/databases'),
  'Microsoft.Databricks': types(['2023-05-01', '2024-05-01', '2026-01-01'], 'workspaces accessConnectors'),
  'Microsoft.Fabric': types(['2023-11-01'], 'capacities'),
  'Microsoft.Purview': types(['2021-12-01'], 'accounts'),
  'Microsoft.ContainerInstance': types(INSTANCES, 'containerGroups'),
  'Microsoft.ContainerRegistry': types(
    REGISTRY,
    'registries registries/tasks registries/replications registries/webhooks registries/scopeMaps registries/tokens',
  ),
  'Microsoft.ContainerService': types(AKS, 'managedClusters managedClusters/agentPools'),
  'Microsoft.OperationalInsights': types(
    LOGS,
    'deletedWorkspaces workspaces workspaces/savedSearches workspaces/tables workspaces/dataExports queryPacks',
  ),
  'Microsoft.Insights': types(
    ['2018-03-01', '2020-02-02', '2021-05-01-preview', '2022-06-15', '2023-01-01', '2023-03-11'],
    'components actionGroups metricAlerts activityLogAlerts scheduledQueryRules diagnosticSettings webtests workbooks dataCollectionRules dataCollectionEndpoints autoscaleSettings',
  ),
  'Microsoft.OperationsManagement': types(['2015-11-01-preview'], 'solutions'),
  'Microsoft.AlertsManagement': types(['2021-08-08', '2023-03-01'], 'smartDetectorAlertRules actionRules'),
  'Microsoft.SecurityInsights': types(
    ['2023-11-01', '2024-09-01', '2025-09-01'],
    'onboardingStates alertRules watchlists automationRules incidents',
  ),
  'Microsoft.Security': types(['2024-01-01'], 'pricings automations assessments'),
  'Microsoft.ManagedIdentity': types(
    IDENTITY,
    'userAssignedIdentities userAssignedIdentities/federatedIdentityCredentials',
  ),
  'Microsoft.Authorization': {
    ...types(AUTHORIZATION, 'roleAssignments roleDefinitions'),
    ...types(LOCKS, 'locks'),
    ...types(['2022-06-01', '2023-04-01', '2025-01-01'], 'policyAssignments policyDefinitions'),
  },
  'Microsoft.ServiceBus': types(
    BUS,
    'namespaces namespaces/queues namespaces/topics namespaces/topics/subscriptions namespaces/topics/subscriptions/rules namespaces/authorizationRules',
  ),
  'Microsoft.Relay': types(['2021-11-01', '2024-01-01'], 'namespaces namespaces/hybridConnections'),
  'Microsoft.HybridCompute': types(ARC, 'machines machines/extensions privateLinkScopes'),
  'Microsoft.HybridConnectivity': types(['2023-03-15', '2024-12-01'], 'endpoints'),
  'Microsoft.Kubernetes': types(['2024-01-01'], 'connectedClusters'),
  'Microsoft.RecoveryServices': types(
    RECOVERY,
    'vaults vaults/backupPolicies vaults/backupFabrics vaults/replicationFabrics vaults/replicationPolicies vaults/backupstorageconfig',
  ),
  'Microsoft.DataProtection': types(['2024-04-01', '2025-07-01'], 'backupVaults backupVaults/backupPolicies'),
  'Microsoft.ApiManagement': types(
    GATEWAY,
    'service service/apis service/apis/operations service/products service/namedValues deletedservices locations/deletedservices',
  ),
  'Microsoft.AppConfiguration': types(
    CONFIGURATION,
    'configurationStores configurationStores/keyValues deletedConfigurationStores locations/deletedConfigurationStores',
  ),
  'Microsoft.Cdn': types(
    CDN,
    'profiles profiles/endpoints profiles/afdEndpoints profiles/afdEndpoints/routes profiles/originGroups profiles/originGroups/origins profiles/ruleSets profiles/ruleSets/rules cdnWebApplicationFirewallPolicies',
  ),
  'Microsoft.SignalRService': types(['2024-03-01', '2025-01-01-preview'], 'signalR webPubSub'),
  'Microsoft.Logic': types(['2019-05-01'], 'workflows integrationAccounts'),
  'Microsoft.Automation': types(
    ['2023-11-01', '2024-10-23'],
    'automationAccounts automationAccounts/runbooks automationAccounts/schedules automationAccounts/variables',
  ),
  'Microsoft.Batch': types(['2024-07-01'], 'batchAccounts batchAccounts/pools'),
  'Microsoft.DevTestLab': types(['2018-09-15'], 'labs schedules'),
  'Microsoft.Maintenance': types(['2023-04-01'], 'maintenanceConfigurations'),
  'Microsoft.AzureStackHCI': types(['2024-04-01', '2025-10-01'], 'clusters'),
  'Microsoft.Migrate': types(
    ['2020-05-01', '2023-01-01'],
    'migrateProjects migrateProjects/solutions assessmentProjects',
  ),
  'Microsoft.Communication': types(['2023-04-01'], 'communicationServices emailServices'),
  'Microsoft.Maps': types(['2023-06-01'], 'accounts'),
  'Microsoft.Devices': types(['2023-06-30'], 'IotHubs'),
  'Microsoft.LoadTestService': types(['2022-12-01'], 'loadTests'),
  'Microsoft.Portal': types(['2020-09-01-preview', '2022-12-01-preview'], 'dashboards'),
  'Microsoft.Dashboard': types(['2023-09-01', '2024-10-01'], 'grafana'),
  'Microsoft.Monitor': types(['2023-04-03'], 'accounts'),
  'Microsoft.ResourceGraph': types(['2021-03-01', '2022-10-01', '2024-04-01'], 'resources queries'),
};
