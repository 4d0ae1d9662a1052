metadata description = 'What an operator is told, what he looks at, and what the platform may cost. docs/operations.md says what each alert means.'

param environmentName string
param location string
param tags object
param workspaceId string
param busId string
param email string
param budget int
param budgetStart string

var rules = [
  {
    name: 'quarantined'
    title: 'Something could not be removed'
    severity: 1
    every: 'PT15M'
    over: 'PT15M'
    query: loadTextContent('../alerts/quarantined.kql')
  }
  {
    name: 'not-verified'
    title: 'A run ended without a verified clean-up'
    severity: 1
    every: 'PT15M'
    over: 'PT15M'
    query: loadTextContent('../alerts/notVerified.kql')
  }
  {
    name: 'no-run'
    title: 'No run has begun for seven hours'
    severity: 2
    every: 'PT1H'
    over: 'P1D'
    query: loadTextContent('../alerts/noRun.kql')
  }
  {
    name: 'janitor'
    title: 'The janitor cannot see, or fails'
    severity: 1
    every: 'PT1H'
    over: 'PT1H'
    query: loadTextContent('../alerts/janitor.kql')
  }
  {
    name: 'poison'
    title: 'The task hub gave up a message'
    severity: 1
    every: 'PT15M'
    over: 'PT15M'
    query: loadTextContent('../alerts/poison.kql')
  }
  {
    name: 'unreadable'
    title: 'Messages of agents could not be read'
    severity: 2
    every: 'PT15M'
    over: 'PT15M'
    query: loadTextContent('../alerts/unreadable.kql')
  }
  {
    name: 'failures'
    title: 'Functions or requests fail'
    severity: 2
    every: 'PT15M'
    over: 'PT30M'
    query: loadTextContent('../alerts/failures.kql')
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-haymaker-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'HayMaker'
    emailReceivers: empty(email)
      ? []
      : [
          {
            name: 'operator'
            emailAddress: email
            useCommonAlertSchema: true
          }
        ]
  }
}

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'alert-haymaker-${rule.name}-${environmentName}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'HayMaker (${environmentName}): ${rule.title}'
      description: 'See docs/operations.md, ${rule.name}.'
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.over
      // A new workspace has no table before its first line.
      skipQueryValidation: true
      // What has ended is no news; what has not begun is over with the next run.
      autoMitigate: rule.name == 'no-run'
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [operators.id]
      }
    }
  }
]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-haymaker-dead-letters-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages of agents that could not be read. See docs/operations.md, dead-letters.'
    enabled: true
    severity: 2
    scopes: [busId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: operators.id
      }
    ]
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'haymaker-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'HayMaker (${environmentName})'
    category: 'workbook'
    sourceId: workspaceId
    version: '1.0'
    serializedData: loadTextContent('../workbook.json')
  }
}

@description('What the platform costs: this group.')
resource platform 'Microsoft.Consumption/budgets@2023-11-01' = if (budget > 0) {
  name: 'budget-haymaker-platform-${environmentName}'
  properties: {
    category: 'Cost'
    timeGrain: 'Monthly'
    amount: budget
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      actual: {
        enabled: true
        operator: 'GreaterThan'
        thresholdType: 'Actual'
        threshold: 80
        contactEmails: empty(email) ? [] : [email]
        contactGroups: [operators.id]
        contactRoles: ['Owner']
      }
    }
  }
}
