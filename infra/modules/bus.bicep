metadata description = 'Service Bus: agents send their events to one topic, the app reads one subscription of it. By identity only.'

param environmentName string
param location string
param tags object
param suffix string
param workspaceId string
param appPrincipalId string
param eventsPrincipalId string

var roles = loadJsonContent('../roles/builtIn.json')

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-haymaker-${environmentName}-${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'agent-logs'
  properties: {
    defaultMessageTimeToLive: 'P7D'
  }
}

resource logProcessor 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topic
  name: 'log-processor'
  properties: {
    deadLetteringOnMessageExpiration: true
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
  }
}

@description('Receives, sends the probe of the validation, and counts what lies there: counting needs Data Owner.')
resource app 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: topic
  name: guid(topic.id, appPrincipalId, roles.serviceBusDataOwner)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataOwner)
  }
}

resource events 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: topic
  name: guid(topic.id, eventsPrincipalId, roles.serviceBusDataSender)
  properties: {
    principalId: eventsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
  }
}

output id string = namespace.id
output host string = '${namespace.name}.servicebus.windows.net'
