metadata description = 'The three identities of the platform. None of them has a secret.'

param environmentName string
param location string
param tags object

@description('The function app.')
resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-haymaker-app-${environmentName}'
  location: location
  tags: tags
}

@description('Pulls the agents\' image and reads Key Vault references. Not visible inside a container.')
resource agent 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-haymaker-agent-${environmentName}'
  location: location
  tags: tags
}

@description('Sends events to the topic and may do nothing else. Visible inside the containers.')
resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-haymaker-events-${environmentName}'
  location: location
  tags: tags
}

output appId string = app.id
output appClientId string = app.properties.clientId
output appPrincipalId string = app.properties.principalId
output agentId string = agent.id
output agentPrincipalId string = agent.properties.principalId
output eventsId string = events.id
output eventsPrincipalId string = events.properties.principalId
