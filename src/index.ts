import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { checkAgentStatus } from './activities/checkAgentStatus.ts';
import { createServicePrincipal } from './activities/createServicePrincipal.ts';
import { deployContainerApp } from './activities/deployContainerApp.ts';
import { forceCleanup } from './activities/forceCleanup.ts';
import { generateReport } from './activities/generateReport.ts';
import { selectScenarios } from './activities/selectScenarios.ts';
import { validateEnvironment } from './activities/validateEnvironment.ts';
import { verifyCleanup } from './activities/verifyCleanup.ts';
import { withErrors } from './api/errors.ts';
import { execute } from './api/execute.ts';
import { health } from './api/health.ts';
import { openapi } from './api/openapiRoute.ts';
import { orchestratorStatus, raiseEvent, startOrchestrator } from './api/orchestrators.ts';
import { status } from './api/status.ts';
import { EVENTS_SUBSCRIPTION, EVENTS_TOPIC } from './domain/event.ts';
import { ingestAgentEvent } from './events/ingest.ts';
import { baseOrchestrator } from './run/baseOrchestrator.ts';
import { closeRun } from './run/closeRun.ts';
import { haymakerRun } from './run/haymakerRun.ts';
import { provisionAgent } from './run/provisionAgent.ts';
import { removeLeftovers } from './run/removeLeftovers.ts';
import { tidyUp } from './schedule/janitor.ts';
import { startScheduledRun } from './schedule/timer.ts';
import { getServices, type Services } from './services.ts';

/** An activity's handler: its input, and the services, which are made on first use and never at import. */
function activity<I, O>(work: (input: I, services: Services) => Promise<O>) {
  return { handler: (input: I) => work(input, getServices()) };
}

df.app.client.timer('haymaker_timer', { schedule: '%HAYMAKER_SCHEDULE%', handler: startScheduledRun });
df.app.client.timer('haymaker_janitor', { schedule: '%JANITOR_SCHEDULE%', handler: tidyUp });

df.app.orchestration('orchestrate_haymaker_run', haymakerRun);
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
  handler: (message) => ingestAgentEvent(message, getServices()),
});

app.http('health', { route: 'health', methods: ['GET'], authLevel: 'anonymous', handler: health });
app.http('api_health', { route: 'api/v1/health', methods: ['GET'], authLevel: 'anonymous', handler: health });
app.http('api_openapi', {
  route: 'api/v1/openapi.json',
  methods: ['GET'],
  authLevel: 'function',
  handler: withErrors(openapi),
});
df.app.client.http('api_status', {
  route: 'api/v1/status',
  methods: ['GET'],
  authLevel: 'function',
  handler: withErrors(status),
});
df.app.client.http('api_execute', {
  route: 'api/v1/execute',
  methods: ['POST'],
  authLevel: 'function',
  handler: withErrors(execute),
});
df.app.client.http('orchestrator_start', {
  route: 'api/orchestrators/{name}',
  methods: ['POST'],
  authLevel: 'function',
  handler: withErrors(startOrchestrator),
});
df.app.client.http('orchestrator_status', {
  route: 'api/orchestrators/{id}/status',
  methods: ['GET'],
  authLevel: 'function',
  handler: withErrors(orchestratorStatus),
});
df.app.client.http('orchestrator_raise', {
  route: 'api/orchestrators/{id}/raise/{event}',
  methods: ['POST'],
  authLevel: 'function',
  handler: withErrors(raiseEvent),
});
