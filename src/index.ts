import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { get, post } from './api/route.ts';
import { EVENTS_SUBSCRIPTION, EVENTS_TOPIC } from './domain/topic.ts';
import { activity, late } from './late.ts';
import { open } from './page/route.ts';
import { baseOrchestrator } from './run/baseOrchestrator.ts';
import { closeRun } from './run/closeRun.ts';
import { haymakerRun } from './run/haymakerRun.ts';
import { provisionAgent } from './run/provisionAgent.ts';
import { provisionLane } from './run/provisionLane.ts';
import { removeLeftovers } from './run/removeLeftovers.ts';

df.app.client.timer('haymaker_timer', {
  schedule: '%HAYMAKER_SCHEDULE%',
  handler: late('startScheduledRun', () => import('./schedule/timer.ts')),
});
df.app.client.timer('haymaker_janitor', {
  schedule: '%JANITOR_SCHEDULE%',
  handler: late('tidyUp', () => import('./schedule/janitor.ts')),
});

df.app.orchestration('orchestrate_haymaker_run', haymakerRun);
df.app.orchestration('provision_lane', provisionLane);
df.app.orchestration('provision_agent', provisionAgent);
df.app.orchestration('remove_leftovers', removeLeftovers);
df.app.orchestration('close_run', closeRun);
df.app.orchestration('base_orchestrator', baseOrchestrator);

df.app.activity(
  'validate_environment_activity',
  activity('validateEnvironment', () => import('./activities/validateEnvironment.ts')),
);
df.app.activity(
  'select_scenarios_activity',
  activity('selectScenarios', () => import('./activities/selectScenarios.ts')),
);
df.app.activity(
  'create_service_principal_activity',
  activity('createServicePrincipal', () => import('./activities/createServicePrincipal.ts')),
);
df.app.activity(
  'deploy_container_app_activity',
  activity('deployContainerApp', () => import('./activities/deployContainerApp.ts')),
);
df.app.activity(
  'check_agent_status_activity',
  activity('checkAgentStatus', () => import('./activities/checkAgentStatus.ts')),
);
df.app.activity(
  'verify_cleanup_activity',
  activity('verifyCleanup', () => import('./activities/verifyCleanup.ts')),
);
df.app.activity(
  'force_cleanup_activity',
  activity('forceCleanup', () => import('./activities/forceCleanup.ts')),
);
df.app.activity(
  'generate_report_activity',
  activity('generateReport', () => import('./activities/generateReport.ts')),
);

app.serviceBusTopic('ingest_agent_events', {
  connection: 'ServiceBusConnection',
  topicName: EVENTS_TOPIC,
  subscriptionName: EVENTS_SUBSCRIPTION,
  cardinality: 'many',
  handler: late('receiveAgentEvents', () => import('./events/receive.ts')),
});

app.http('health', {
  route: 'health',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: late('health', () => import('./api/health.ts')),
});
app.http('api_health', {
  route: 'api/v1/health',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: late('health', () => import('./api/health.ts')),
});

app.http(
  'page_home',
  open('/', 'home', () => import('./page/page.ts')),
);
app.http(
  'page_dashboard',
  open('dashboard', 'dashboard', () => import('./page/page.ts')),
);
app.http(
  'page_asset',
  open('dashboard/assets/{file}', 'asset', () => import('./page/page.ts')),
);

df.app.client.http(
  'api_status',
  get('api/v1/status', 'status', () => import('./api/status.ts')),
);
df.app.client.http(
  'api_live',
  get('api/v1/live', 'live', () => import('./api/live.ts')),
);
df.app.client.http(
  'api_metrics',
  get('api/v1/metrics', 'metrics', () => import('./api/metrics.ts')),
);
df.app.client.http(
  'api_execute',
  post('api/v1/execute', 'execute', () => import('./api/execute.ts')),
);
df.app.client.http(
  'api_execution',
  get('api/v1/executions/{id}', 'execution', () => import('./api/executions.ts')),
);
df.app.client.http(
  'api_agents',
  get('api/v1/agents', 'agents', () => import('./api/agents.ts')),
);
df.app.client.http(
  'api_agent',
  get('api/v1/agents/{id}', 'agent', () => import('./api/agents.ts')),
);
df.app.client.http(
  'api_agent_logs',
  get('api/v1/agents/{id}/logs', 'logs', () => import('./api/logs.ts')),
);
df.app.client.http(
  'api_resources',
  get('api/v1/resources', 'resources', () => import('./api/resources.ts')),
);
df.app.client.http(
  'api_cleanup',
  post('api/v1/cleanup', 'cleanup', () => import('./api/cleanup.ts')),
);
df.app.client.http(
  'api_cleanup_status',
  get('api/v1/cleanup/{id}', 'cleanupStatus', () => import('./api/cleanup.ts')),
);
df.app.client.http(
  'api_runs',
  get('api/v1/runs', 'runs', () => import('./api/runs.ts')),
);
df.app.client.http(
  'api_run',
  get('api/v1/runs/{id}', 'run', () => import('./api/runs.ts')),
);
df.app.client.http(
  'api_run_report',
  get('api/v1/runs/{id}/report', 'report', () => import('./api/report.ts')),
);
df.app.client.http(
  'api_run_stop',
  post('api/v1/runs/{id}/stop', 'stop', () => import('./api/stop.ts')),
);
df.app.client.http(
  'api_scenarios',
  get('api/v1/scenarios', 'scenarios', () => import('./api/scenarios.ts')),
);
df.app.client.http(
  'api_scenario',
  get('api/v1/scenarios/{id}', 'scenario', () => import('./api/scenarios.ts')),
);
df.app.client.http(
  'api_openapi',
  get('api/v1/openapi.json', 'openapi', () => import('./api/openapiRoute.ts')),
);
df.app.client.http(
  'orchestrator_start',
  post('api/orchestrators/{name}', 'startOrchestrator', () => import('./api/orchestrators.ts')),
);
df.app.client.http(
  'orchestrator_status',
  get('api/orchestrators/{id}/status', 'orchestratorStatus', () => import('./api/orchestrators.ts')),
);
df.app.client.http(
  'orchestrator_raise',
  post('api/orchestrators/{id}/raise/{event}', 'raiseEvent', () => import('./api/orchestrators.ts')),
);
