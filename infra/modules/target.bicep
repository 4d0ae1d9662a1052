targetScope = 'subscription'

metadata description = 'The right to work in the subscription of the agents: a role of our own, given to the app itself and not through a group (the clean-up looks for this very assignment to prove that it can see), and a budget.'

param environmentName string
param suffix string
param appPrincipalId string

@description('Which roles the app may assign, and whose assignments it may remove.')
param condition string
param budget int
param budgetStart string
param budgetEmail string

var orchestrator = loadJsonContent('../roles/orchestrator.json')

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, orchestrator.name, suffix)
  properties: {
    roleName: '${orchestrator.name} ${environmentName}-${suffix}'
    description: orchestrator.description
    type: 'CustomRole'
    assignableScopes: [subscription().id]
    permissions: [
      {
        actions: map(orchestrator.actions, entry => entry.action)
        notActions: map(orchestrator.notActions, entry => entry.action)
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, appPrincipalId, role.id)
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
    condition: condition
    conditionVersion: '2.0'
  }
}

@description('What agents cost: everything with their tag. Azure makes no budget in a subscription without an address to tell.')
resource agents 'Microsoft.Consumption/budgets@2023-11-01' = if (budget > 0 && !empty(budgetEmail)) {
  name: 'budget-haymaker-agents-${environmentName}'
  properties: {
    category: 'Cost'
    timeGrain: 'Monthly'
    amount: budget
    timePeriod: {
      startDate: budgetStart
    }
    filter: {
      tags: {
        name: 'AzureHayMaker-managed'
        operator: 'In'
        values: ['true']
      }
    }
    notifications: {
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        thresholdType: 'Forecasted'
        threshold: 100
        contactEmails: [budgetEmail]
        contactRoles: ['Owner']
      }
      actual: {
        enabled: true
        operator: 'GreaterThan'
        thresholdType: 'Actual'
        threshold: 80
        contactEmails: [budgetEmail]
        contactRoles: ['Owner']
      }
    }
  }
}
