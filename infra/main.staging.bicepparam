using 'main.bicep'

param environmentName = 'staging'
param location = 'eastus'
param settings = {
  SIMULATION_SIZE: 'small'
}
param agentBudget = 300
param platformBudget = 40
param budgetStart = '2026-12-01'
