using 'main.bicep'

param environmentName = 'prod'
param location = 'eastus'
param settings = {
  SIMULATION_SIZE: 'medium'
  AVOID_REPEATS: 'true'
}
param vaultRetentionDays = 90
param logRetentionDays = 90
param logDailyCapGb = 5
param agentBudget = 1500
param platformBudget = 100
param budgetStart = '2026-12-01'
