import { app, type HttpHandler, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { checkAgentStatus } from './activities/checkAgentStatus.ts';
import { createServicePrincipal } from './activities/createServicePrincipal.ts';
import { deployContainerApp } from './activities/deployContainerApp.ts';
import { forceCleanup } from './activities/forceCleanup.ts';
import { generateReport } from './activities/generateReport.ts';
import { selectScenarios } from './activities/selectScenarios.ts';
import { validateEnvironment } from './activities/validateEnvironment.ts';
import { verifyCleanup } from './activities/verifyCleanup.ts';
import { agent, agents } from './api/agents.ts';
import { apiAuthLevel } from './api/auth.ts';
import { cleanup, cleanupStatus } from './api/cleanup.ts';
import { type ApiHandler, endpoint } from './api/endpoint.ts';
import { execute } from './api/execute.ts';
import { execution } from './api/executions.ts';
import { health } from './api/health.ts';
import { live } from './api/live.ts';
import { logs } from './api/logs.ts';
import { metrics } from './api/metrics.ts';
import { openapi } from './api/openapiRoute.ts';
import { orchestratorStatus, raiseEvent, startOrchestrator } from './api/orchestrators.ts';
import { report } from './api/report.ts';
import { resources } from './api/resources.ts';
import { run, runs } from './api/runs.ts';
import { scenario, scenarios } from './api/scenarios.ts';
import { status } from './api/status.ts';
import { stop } from './api/stop.ts';
import { EVENTS_SUBSCRIPTION, EVENTS_TOPIC } from './domain/event.ts';
import { receiveAgentEvents } from './events/receive.ts';
import { type EventLog, eventLog } from './log/eventLog.ts';
import { asset, dashboard, home } from './page/page.ts';
import { baseOrchestrator } from './run/baseOrchestrator.ts';
import { closeRun } from './run/closeRun.ts';
import { haymakerRun } from './run/haymakerRun.ts';
import { provisionAgent } from './run/provisionAgent.ts';
import { provisionLane } from './run/provisionLane.ts';
import { removeLeftovers } from './run/removeLeftovers.ts';
import { tidyUp } from './schedule/janitor.ts';
import { startScheduledRun } from './schedule/timer.ts';
import { getServices, type Services } from './services.ts';

/** The only setting that is read at import: see apiAuthLevel. */
const authLevel = apiAuthLevel(process.env);

/** An activity's handler: its input, the services, which are made on first use and never at import, and a log. */
function activity<I, O>(work: (input: I, services: Services, log: EventLog) => Promise<O>) {
  return {
    handler: (input: I, context: InvocationContext) => work(input, getServices(), eventLog(context)),
  };
}

/** A route of the page, which holds no data: for everybody. */
function open(route: string, handler: HttpHandler) {
  return { route, methods: ['GET' as const], authLevel: 'anonymous' as const, handler };
}

/** A route that reads: by key or, with API_AUTH=entra, for callers with the role HayMaker.Reader. */
function get(route: string, handler: ApiHandler) {
  return { route, methods: ['GET' as const], authLevel, handler: endpoint('reader', handler) };
}

/** A route that changes something: by key or for callers with the role HayMaker.Operator. */
function post(route: string, handler: ApiHandler) {
  return { route, methods: ['POST' as const], authLevel, handler: endpoint('operator', handler) };
}

df.app.client.timer('haymaker_timer', { schedule: '%HAYMAKER_SCHEDULE%', handler: startScheduledRun });
df.app.client.timer('haymaker_janitor', { schedule: '%JANITOR_SCHEDULE%', handler: tidyUp });

df.app.orchestration('orchestrate_haymaker_run', haymakerRun);
df.app.orchestration('provision_lane', provisionLane);
df.app.orchestration('provision_agent', provisionAgent);
df.app.orchestration('remove_leftovers', removeLeftovers);
df.app.orchestration('close_run', closeRun);
df.app.orchestration('base_orchestrator', baseOrchestrator);

df.app.activity('validate_environment_activity', activity(validateEnvironment));
df.app.activity('select_scenarios_activity', activity(selectScenarios));
df.app.activity('create_service_principal_activity', activity(createServicePrincipal));
df.app.activity('deploy_container_app_activity', activity(deployContainerApp));
df.app.activity('check_agent_status_activity', activity(checkAgentStatus));
df.app.activity('verify_cleanup_activity', activity(verifyCleanup));
df.app.activity('force_cleanup_activity', activity(forceCleanup));
df.app.activity('generate_report_activity', activity(generateReport));

app.serviceBusTopic('ingest_agent_events', {
  connection: 'ServiceBusConnection',
  topicName: EVENTS_TOPIC,
  subscriptionName: EVENTS_SUBSCRIPTION,
  cardinality: 'many',
  handler: receiveAgentEvents,
});

app.http('health', { route: 'health', methods: ['GET'], authLevel: 'anonymous', handler: health });
app.http('api_health', { route: 'api/v1/health', methods: ['GET'], authLevel: 'anonymous', handler: health });

app.http('page_home', open('/', home));
app.http('page_dashboard', open('dashboard', dashboard));
app.http('page_asset', open('dashboard/assets/{file}', asset));

df.app.client.http('api_status', get('api/v1/status', status));
df.app.client.http('api_live', get('api/v1/live', live));
df.app.client.http('api_metrics', get('api/v1/metrics', metrics));
df.app.client.http('api_execute', post('api/v1/execute', execute));
df.app.client.http('api_execution', get('api/v1/executions/{id}', execution));
df.app.client.http('api_agents', get('api/v1/agents', agents));
df.app.client.http('api_agent', get('api/v1/agents/{id}', agent));
df.app.client.http('api_agent_logs', get('api/v1/agents/{id}/logs', logs));
df.app.client.http('api_resources', get('api/v1/resources', resources));
df.app.client.http('api_cleanup', post('api/v1/cleanup', cleanup));
df.app.client.http('api_cleanup_status', get('api/v1/cleanup/{id}', cleanupStatus));
df.app.client.http('api_runs', get('api/v1/runs', runs));
df.app.client.http('api_run', get('api/v1/runs/{id}', run));
df.app.client.http('api_run_report', get('api/v1/runs/{id}/report', report));
df.app.client.http('api_run_stop', post('api/v1/runs/{id}/stop', stop));
df.app.client.http('api_scenarios', get('api/v1/scenarios', scenarios));
df.app.client.http('api_scenario', get('api/v1/scenarios/{id}', scenario));
df.app.client.http('api_openapi', get('api/v1/openapi.json', openapi));
df.app.client.http('orchestrator_start', post('api/orchestrators/{name}', startOrchestrator));
df.app.client.http('orchestrator_status', get('api/orchestrators/{id}/status', orchestratorStatus));
df.app.client.http('orchestrator_raise', post('api/orchestrators/{id}/raise/{event}', raiseEvent));
