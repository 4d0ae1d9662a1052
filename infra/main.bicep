targetScope = 'subscription'

@description('Name of this deployment: dev, staging, prod. Part of every name; the same name deploys over what is there.')
@minLength(2)
@maxLength(16)
param environmentName string

@description('Region of the platform. The agents work in settings.LOCATION.')
param location string

@description('The group of the platform. HayMaker never deletes anything in it.')
param resourceGroupName string = 'rg-haymaker-${environmentName}'

@description('consumption: Windows, Y1. flex: Flex Consumption (Linux), with one instance always ready for durable functions.')
@allowed(['consumption', 'flex'])
param plan string = 'consumption'

@description('Where the state of the orchestrations is kept: the storage account, or a Durable Task Scheduler.')
@allowed(['storage', 'scheduler'])
param durableBackend string = 'storage'

@description('Of the Durable Task Scheduler.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('The subscription where agents work; this one when left out.')
param targetSubscriptionId string = subscription().subscriptionId

@description('The tenant of that subscription. Another one than this: its owner makes the role (infra/README.md).')
param targetTenantId string = tenant().tenantId

@description('A resource in the target subscription that is never removed. Needed only when it is not this subscription.')
param canaryResourceId string = ''

@description('The agents\' image in the registry: repository:tag or repository@sha256:digest.')
param agentImage string = 'haymaker/agent:1.0.0'

@description('Name of a registry that exists already, in registryGroupName of this subscription. One is made when left out.')
param registryName string = ''

@description('The group of that registry.')
param registryGroupName string = resourceGroupName

@description('A dedicated workload profile for agents, such as E16 (memory-optimized), for agents that need more than 4 GiB.')
param dedicatedProfile string = ''

@description('How many nodes the dedicated profile may have.')
@minValue(1)
param dedicatedProfileMaximum int = 3

@description('Settings that differ from infra/settings.json, by name.')
param settings object = {}

@description('Who checks callers of the API: the platform by key, or the app by Entra token.')
@allowed(['key', 'entra'])
param apiAuth string = 'key'

@description('With entra: id URI or client id of the API\'s application (infra/registerApi.sh makes it).')
param apiAudience string = ''

@description('Nobody can purge the vault or a secret in it before its retention is over. The secrets of agents are purged by every clean-up, so with this no run is ever verified.')
param vaultPurgeProtection bool = false

@description('Days for which the vault keeps what was deleted, unless it is purged.')
@minValue(7)
@maxValue(90)
param vaultRetentionDays int = 7

@description('Object id of the operator, who may set secrets. azd fills it in.')
param operatorPrincipalId string = ''

@description('What that is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorPrincipalType string = 'User'

@description('Who is told when an alert fires and when a budget is used up. Without it alerts are seen in the portal only.')
param alertEmail string = ''

@description('Days for which logs are kept.')
@minValue(30)
param logRetentionDays int = 30

@description('Most that the workspace takes in a day, in GB.')
param logDailyCapGb int = 1

@description('US dollars (or the currency of the account) that all agents together may cost in a month; 0 for no budget.')
param agentBudget int = 0

@description('The same for the platform.')
param platformBudget int = 0

@description('First day of the budgets, the first of a month. Set it, so that a later deployment changes nothing.')
param budgetStart string = '${utcNow('yyyy-MM')}-01'

var suffix = uniqueString(subscription().id, environmentName)
var tags = {
  Application: 'AzureHayMaker'
  Environment: environmentName
  'azd-env-name': environmentName
}
var conditions = loadJsonContent('roles/conditions.json')
var allSettings = union(loadJsonContent('settings.json'), settings)
var privileged = toLower(allSettings.ALLOW_PRIVILEGED_SCENARIOS) == 'true'
var appName = 'func-haymaker-${environmentName}-${suffix}'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
  }
}

module logs 'modules/logs.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    suffix: suffix
    workspaceId: logs.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    suffix: suffix
    purgeProtection: vaultPurgeProtection
    retentionDays: vaultRetentionDays
    workspaceId: logs.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
    agentPrincipalId: identities.outputs.agentPrincipalId
    operatorPrincipalId: operatorPrincipalId
    operatorPrincipalType: operatorPrincipalType
  }
}

module codeShare 'modules/codeShare.bicep' = if (plan == 'consumption') {
  scope: group
  params: {
    location: location
    tags: tags
    suffix: suffix
    vaultName: vault.outputs.name
  }
}

module bus 'modules/bus.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    suffix: suffix
    workspaceId: logs.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
    eventsPrincipalId: identities.outputs.eventsPrincipalId
  }
}

module newRegistry 'modules/registry.bicep' = if (empty(registryName)) {
  scope: group
  params: {
    location: location
    tags: tags
    suffix: suffix
  }
}

module pull 'modules/pull.bicep' = {
  scope: resourceGroup(registryGroupName)
  params: {
    registryName: empty(registryName) ? 'acrhaymaker${suffix}' : registryName
    principalIds: [identities.outputs.appPrincipalId, identities.outputs.agentPrincipalId]
  }
  dependsOn: [group, newRegistry]
}

module jobs 'modules/environment.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    dedicatedProfile: dedicatedProfile
    dedicatedProfileMaximum: dedicatedProfileMaximum
    workspaceId: logs.outputs.workspaceId
    appPrincipalId: identities.outputs.appPrincipalId
    isElsewhere: targetSubscriptionId != subscription().subscriptionId
  }
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'scheduler') {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    sku: schedulerSku
    appPrincipalId: identities.outputs.appPrincipalId
  }
}

module target 'modules/target.bicep' = if (targetTenantId == tenant().tenantId) {
  scope: subscription(targetSubscriptionId)
  params: {
    environmentName: environmentName
    suffix: suffix
    appPrincipalId: identities.outputs.appPrincipalId
    condition: privileged ? conditions.privileged : conditions.standard
    budget: agentBudget
    budgetStart: budgetStart
    budgetEmail: alertEmail
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: appName
    location: location
    tags: tags
    plan: plan
    identityId: identities.outputs.appId
    clientId: identities.outputs.appClientId
    settings: allSettings
    tenantId: targetTenantId
    subscriptionId: targetSubscriptionId
    canaryResourceId: canaryResourceId
    vaultUrl: vault.outputs.url
    storageName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    #disable-next-line BCP318 // made when the plan is consumption
    codeShareName: plan == 'consumption' ? codeShare.outputs.shareName : ''
    #disable-next-line BCP318
    codeShareReferenceUrl: plan == 'consumption' ? codeShare.outputs.secretUrl : ''
    busHost: bus.outputs.host
    registryHost: pull.outputs.host
    agentImage: agentImage
    environmentId: jobs.outputs.id
    workloadProfile: jobs.outputs.workloadProfile
    agentIdentityId: identities.outputs.agentId
    eventsIdentityId: identities.outputs.eventsId
    insightsConnection: logs.outputs.insightsConnection
    workspaceId: logs.outputs.workspaceId
    #disable-next-line BCP318
    schedulerEndpoint: durableBackend == 'scheduler' ? scheduler.outputs.endpoint : ''
    apiAuth: apiAuth
    apiAudience: apiAudience
    apiTenantId: tenant().tenantId
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    workspaceId: logs.outputs.workspaceId
    busId: bus.outputs.id
    email: alertEmail
    budget: platformBudget
    budgetStart: budgetStart
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = app.outputs.name
output HAYMAKER_URL string = app.outputs.url
output APP_PRINCIPAL_ID string = identities.outputs.appPrincipalId
output KEY_VAULT_NAME string = vault.outputs.name
output CONTAINER_REGISTRY_NAME string = empty(registryName) ? 'acrhaymaker${suffix}' : registryName
output CONTAINER_IMAGE string = agentImage
output LOG_WORKSPACE_ID string = logs.outputs.workspaceCustomerId
output ORCHESTRATOR_ROLE_NAME string = 'HayMaker Orchestrator ${environmentName}-${suffix}'
