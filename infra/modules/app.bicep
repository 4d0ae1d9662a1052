metadata description = 'The function app with all its settings.'

param name string
param location string
param tags object
param plan string
param identityId string
param clientId string

@description('What an operator may tune: infra/settings.json with the deployment\'s own values.')
param settings object
param tenantId string
param subscriptionId string
param canaryResourceId string
param vaultUrl string
param storageName string
param packageContainerUrl string
param codeShareName string
param codeShareReferenceUrl string
param busHost string
param registryHost string
param agentImage string
param environmentId string
param workloadProfile string
param agentIdentityId string
param eventsIdentityId string
param insightsConnection string
param workspaceId string
param schedulerEndpoint string
param apiAuth string
param apiAudience string
param apiTenantId string

var isFlex = plan == 'flex'

@description('What src/config.ts reads and this deployment knows.')
var platformSettings = {
  KEY_VAULT_URL: vaultUrl
  AZURE_TENANT_ID: tenantId
  AZURE_SUBSCRIPTION_ID: subscriptionId
  AZURE_MANAGED_IDENTITY_CLIENT_ID: clientId
  SERVICE_BUS_NAMESPACE: busHost
  CONTAINER_REGISTRY: registryHost
  CONTAINER_IMAGE: agentImage
  CONTAINER_APPS_ENVIRONMENT_ID: environmentId
  WORKLOAD_PROFILE: workloadProfile
  AGENT_IDENTITY_ID: agentIdentityId
  AGENT_EVENTS_IDENTITY_ID: eventsIdentityId
  STORAGE_ACCOUNT: storageName
  AzureWebJobsStorage__accountName: storageName
  CANARY_RESOURCE_ID: empty(canaryResourceId) ? environmentId : canaryResourceId
  API_AUTH: apiAuth
  API_AUDIENCE: apiAudience
  API_TENANT_ID: apiTenantId
}

@description('What the host and its extensions read. Everything by the identity of the app.')
var hostSettings = {
  // The root is the app's own page.
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  ServiceBusConnection__fullyQualifiedNamespace: busHost
  ServiceBusConnection__credential: 'managedidentity'
  ServiceBusConnection__clientId: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  // Without it Azure's own page stands at /, where ours is to be.
  AzureWebJobsDisableHomepage: 'true'
}

@description('Flex Consumption refuses these: it has them in functionAppConfig.')
var consumptionSettings = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'node'
  WEBSITE_NODE_DEFAULT_VERSION: '~22'
  WEBSITE_RUN_FROM_PACKAGE: '1'
  WEBSITE_CONTENTAZUREFILECONNECTIONSTRING: '@Microsoft.KeyVault(SecretUri=${codeShareReferenceUrl})'
  WEBSITE_CONTENTSHARE: codeShareName
  WEBSITE_SKIP_CONTENTSHARE_VALIDATION: '1'
}

@description('Overrides of host.json: the same package runs on either backend.')
var schedulerSettings = {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${clientId}'
  TASKHUB_NAME: 'HayMaker'
  AzureFunctionsJobHost__extensions__durableTask__hubName: 'HayMaker'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
}

var appSettings = union(
  settings,
  platformSettings,
  hostSettings,
  isFlex ? {} : consumptionSettings,
  empty(schedulerEndpoint) ? {} : schedulerSettings
)

var flexConfig = {
  runtime: {
    name: 'node'
    version: '22'
  }
  deployment: {
    storage: {
      type: 'blobContainer'
      value: packageContainerUrl
      authentication: {
        type: 'UserAssignedIdentity'
        userAssignedIdentityResourceId: identityId
      }
    }
  }
  scaleAndConcurrency: {
    maximumInstanceCount: 40
    instanceMemoryMB: 2048
    alwaysReady: [
      {
        name: 'durable'
        instanceCount: 1
      }
    ]
  }
}

resource hosting 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: isFlex
    ? {
        name: 'FC1'
        tier: 'FlexConsumption'
      }
    : {
        name: 'Y1'
        tier: 'Dynamic'
      }
  properties: {
    // Linux when true.
    reserved: isFlex
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'app'
  })
  kind: isFlex ? 'functionapp,linux' : 'functionapp'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: hosting.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    functionAppConfig: isFlex ? flexConfig : null
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      use32BitWorkerProcess: isFlex ? null : false
      appSettings: [
        for setting in items(appSettings): {
          name: setting.key
          value: setting.value
        }
      ]
    }
  }
}

@description('No deployment with user name and password: only with an Entra token.')
resource basicAuth 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [
  for kind in ['ftp', 'scm']: {
    parent: app
    name: kind
    properties: {
      allow: false
    }
  }
]

@description('What the host itself says, also when it does not start and Application Insights gets nothing.')
resource hostLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'host'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
