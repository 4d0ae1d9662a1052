import type { AgentJob } from '../azure/containerApps.ts';
import { NotReadyYet, Rejected } from '../domain/errors.ts';
import { isoDuration } from '../domain/isoDuration.ts';
import { agentNamePrefix, tagsFor } from '../domain/naming.ts';
import type { Step } from '../domain/run.ts';
import { EVENTS_TOPIC } from '../domain/topic.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Services } from '../services.ts';
import type { AgentExecution, DeployInput, JobSoFar } from './contracts.ts';
import { asStep } from './step.ts';

const POLL_SECONDS = 2;
const ANTHROPIC_SECRET = 'anthropic-api-key';

/**
 * Makes the Container Apps job of an agent and starts it once. A job, not an app: it runs to completion and says how it
 * ended. Azure takes its time for both; this starts what is not started, looks, and answers "pending" until it runs.
 */
export async function deployContainerApp(
  input: DeployInput,
  services: Services,
  log: EventLog = silent,
): Promise<Step<AgentExecution, JobSoFar>> {
  const { scope, agent } = input;
  let { soFar } = input;
  const { ledger, agents } = await services.records();
  const name = agent.agentId;

  return asStep(
    async () => {
      const apps = await services.containerApps();
      const id = `${services.config.environmentId.replace(/\/managedEnvironments\/.*$/i, '')}/jobs/${name}`;
      if (!soFar) {
        await ledger.intend({
          runId: scope.runId,
          agentId: name,
          kind: 'job',
          id,
          source: 'orchestrator',
          at: new Date().toISOString(),
        });
        soFar = { intended: true };
      }
      const job = await apps.ensureJob(await describeJob(input, services));
      if (job.state === 'failed')
        throw new Rejected(`the job could not be provisioned: ${job.error ?? 'no reason given'}`);
      if (job.state === 'provisioning') throw new NotReadyYet(`provisioning of job ${name}`, POLL_SECONDS);
      await ledger.note(scope.runId, 'job', id, { state: 'created' });

      const executionName = await apps.startOnce(name);
      if (!executionName) throw new NotReadyYet(`the start of job ${name}`, POLL_SECONDS);
      await agents.save(scope.runId, name, {
        state: 'running',
        executionName,
        startedAt: new Date().toISOString(),
      });
      log('agent_started', { run_id: scope.runId, agent_id: name, execution: executionName });
      return { jobName: name, executionName };
    },
    () => soFar,
  );
}

async function describeJob({ scope, agent, identity }: DeployInput, services: Services): Promise<AgentJob> {
  const { config } = services;
  const { tenantId, subscriptionId } = await services.target();
  const vault = await services.keyVault();
  const tags = tagsFor(scope, agent.scenarioId);
  const seconds = Math.ceil((Date.parse(scope.expiresOn) - Date.parse(scope.startedAt)) / 1_000);
  return {
    name: agent.agentId,
    tags,
    image: config.image.full,
    registryServer: config.registry,
    pullIdentityId: config.agentIdentityId,
    eventsIdentityId: config.eventsIdentityId,
    cpu: config.agentCpu,
    memory: config.agentMemory,
    workloadProfile: config.workloadProfile,
    replicaTimeoutSeconds: seconds,
    secrets: [
      { name: 'client-secret', keyVaultUrl: vault.secretUrl(identity.secretName) },
      { name: ANTHROPIC_SECRET, keyVaultUrl: vault.secretUrl(ANTHROPIC_SECRET) },
    ],
    env: [
      { name: 'RUN_ID', value: scope.runId },
      { name: 'AGENT_ID', value: agent.agentId },
      { name: 'SCENARIO_ID', value: agent.scenarioId },
      { name: 'RESOURCE_GROUP', value: agent.agentId },
      { name: 'LOCATION', value: config.location },
      { name: 'NAME_PREFIX', value: agentNamePrefix(scope.runId) },
      {
        name: 'TAGS',
        value: Object.entries(tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      },
      { name: 'RUN_ENDS_AT', value: scope.endsAt },
      { name: 'HEARTBEAT_INTERVAL', value: isoDuration(heartbeatSeconds(scope.checkIntervalSeconds)) },
      { name: 'AZURE_TENANT_ID', value: tenantId },
      { name: 'AZURE_SUBSCRIPTION_ID', value: subscriptionId },
      { name: 'AZURE_CLIENT_ID', value: identity.appId },
      { name: 'AZURE_CLIENT_SECRET', secretRef: 'client-secret' },
      { name: 'ANTHROPIC_API_KEY', secretRef: ANTHROPIC_SECRET },
      ...(config.anthropicModel ? [{ name: 'ANTHROPIC_MODEL', value: config.anthropicModel }] : []),
      { name: 'SERVICE_BUS_NAMESPACE', value: config.serviceBus.namespace ?? '' },
      { name: 'SERVICE_BUS_TOPIC', value: EVENTS_TOPIC },
      { name: 'EVENTS_IDENTITY_ID', value: config.eventsIdentityId },
    ],
  };
}

/** Several heartbeats fit into one check interval, so that one lost message does not look like a silent agent. */
export function heartbeatSeconds(checkIntervalSeconds: number): number {
  return Math.max(1, Math.min(60, Math.floor(checkIntervalSeconds / 3)));
}
