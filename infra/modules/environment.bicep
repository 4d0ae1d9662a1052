metadata description = 'Where agents run as Container Apps jobs, and the right to run them there.'

param environmentName string
param location string
param tags object
param dedicatedProfile string
param dedicatedProfileMaximum int
param workspaceId string
param appPrincipalId string

@description('Agents work in another subscription than this: see readsElsewhere in the role.')
param isElsewhere bool

var jobRunner = loadJsonContent('../roles/jobRunner.json')
var consumption = {
  name: 'Consumption'
  workloadProfileType: 'Consumption'
}
var dedicated = {
  name: 'agents'
  workloadProfileType: dedicatedProfile
  minimumCount: 0
  maximumCount: dedicatedProfileMaximum
}

resource cae 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: 'cae-haymaker-${environmentName}'
  location: location
  tags: tags
  properties: {
    // Logs go where the diagnostic setting says, so that no workspace key is needed.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    workloadProfiles: empty(dedicatedProfile) ? [consumption] : [consumption, dedicated]
    zoneRedundant: false
  }
}

resource agentLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: cae
  name: 'agents'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ContainerAppConsoleLogs'
        enabled: true
      }
      {
        category: 'ContainerAppSystemLogs'
        enabled: true
      }
    ]
  }
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, jobRunner.name)
  properties: {
    roleName: '${jobRunner.name} ${environmentName}-${uniqueString(resourceGroup().id)}'
    description: jobRunner.description
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: map(
          isElsewhere ? concat(jobRunner.actions, jobRunner.readsElsewhere) : jobRunner.actions,
          entry => entry.action
        )
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource run 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, appPrincipalId, role.name)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.name)
  }
}

output id string = cae.id
output workloadProfile string = empty(dedicatedProfile) ? 'Consumption' : 'agents'
