metadata description = 'A Durable Task Scheduler in place of the storage account, for the state of the orchestrations (docs/scale.md).'

param environmentName string
param location string
param tags object
param sku string
param appPrincipalId string

var roles = loadJsonContent('../roles/builtIn.json')

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: 'dts-haymaker-${environmentName}'
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated'
      ? {
          name: sku
          capacity: 1
        }
      : {
          name: sku
        }
    // An empty list lets nobody in. Consumption plans have no addresses of their own: identity is the lock.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: 'HayMaker'
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hub
  name: guid(hub.id, appPrincipalId, roles.durableTaskDataContributor)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.durableTaskDataContributor)
  }
}

output endpoint string = scheduler.properties.endpoint
