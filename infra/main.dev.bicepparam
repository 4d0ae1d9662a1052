using 'main.bicep'

param environmentName = 'dev'
param location = 'eastus'
param settings = {
  SIMULATION_SIZE: 'small'
  RUN_DURATION: 'PT1H'
  CHECK_INTERVAL: 'PT5M'
}
param agentBudget = 50
param platformBudget = 20
param budgetStart = '2026-12-01'
