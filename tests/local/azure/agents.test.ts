import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { behaviourOf, chanceOf, ORDINARY_BEHAVIOURS } from '../../../local/azure/agentBehaviour.ts';
import { planResources } from '../../../local/azure/agentBlueprints.ts';
import { agentSettings, parseTags } from '../../../local/azure/agentSettings.ts';
import { type Agents, createAgents } from '../../../local/azure/agents.ts';
import { createArm } from '../../../local/azure/arm.ts';
import { parseArmPath } from '../../../local/azure/armPath.ts';
import { type Broker, startBroker } from '../../../local/azure/broker.ts';
import { type ContainerApps, createContainerApps } from '../../../local/azure/containerApps.ts';
import { createEntra } from '../../../local/azure/entra.ts';
import { type PlainServer, startPlain } from '../../../local/azure/http.ts';
import { createKeyVault, type KeyVault } from '../../../local/azure/keyVault.ts';
import { handleManagedIdentity } from '../../../local/azure/managedIdentity.ts';
import { checkApiVersion } from '../../../local/azure/providers.ts';
import { createRegistry } from '../../../local/azure/registry.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { WORLD } from '../../../local/world.ts';
import { AgentEvent } from '../../../src/domain/event.ts';
import { agentJob, putResource, seedPlatform } from './platform.ts';
import { openStage, type Stage } from './stage.ts';

const RUN_MS = 12_000;
const SUBSCRIPTION = `/subscriptions/${WORLD.subscriptionId}`;

let stage: Stage;
let vault: KeyVault;
let broker: Broker;
let identityEndpoint: PlainServer;
let agents: Agents;
let containerApps: ContainerApps;
let listener: ServiceBusClient;
const events: AgentEvent[] = [];
const behaviourByScenario = Object.fromEntries(
  ORDINARY_BEHAVIOURS.map((behaviour, n) => [`storage-0${n}`, behaviour]),
);

beforeAll(async () => {
  agents = createAgents('a seed', behaviourByScenario);
  stage = await openStage(
    (cloud) => {
      seedPlatform(cloud);
      vault = createKeyVault(cloud);
      containerApps = createContainerApps(cloud, {
        keyVault: vault,
        registry: createRegistry(cloud),
        program: agents.program,
        hostEnvironment: () => ({
          HTTPS_PROXY: stage.proxyUrl,
          NODE_EXTRA_CA_CERTS: cloud.pki.caPath,
          IDENTITY_ENDPOINT: `${identityEndpoint.url}/msi/token`,
          SERVICE_BUS_ENDPOINT: `sb://localhost:${broker.port}`,
        }),
        killGraceMs: 500,
      });
      return [createEntra(cloud), createArm(cloud, [containerApps])];
    },
    { jobCreate: 50, jobStart: 50, resourceCreate: 50, resourceDelete: 50, graphReplication: 500 },
  );
  const { cloud } = stage;
  identityEndpoint = await startPlain((request) => handleManagedIdentity(cloud, request));
  broker = await startBroker({
    tls: cloud.pki,
    topology: { [WORLD.topic]: [WORLD.subscription] },
    verify: async (token) => (await cloud.tokens.verify(token, ['https://servicebus.azure.net'])).principal,
    may: (principal, right) => right === 'receive' || principal.oid === WORLD.eventsIdentity.oid,
  });
  listener = new ServiceBusClient(WORLD.serviceBusNamespace, stage.credential(WORLD.app), {
    customEndpointAddress: `sb://localhost:${broker.port}`,
  });
  listener.createReceiver(WORLD.topic, WORLD.subscription).subscribe({
    processMessage: async ({ body }) => void events.push(AgentEvent.parse(body)),
    processError: async ({ error }) => expect.fail(error.message),
  });
});

afterAll(async () => {
  await listener.close();
  containerApps.close();
  await broker.close();
  await identityEndpoint.close();
  await stage.close();
});

/** Does for one scenario what the app does: group, identity, role, secret, job, start. */
async function deploy(client: ContainerAppsAPIClient, scenarioId: string): Promise<string> {
  const { cloud } = stage;
  const agentId = `hm-0123abcd-${scenarioId}`;
  putResource(cloud, `${SUBSCRIPTION}/resourceGroups/${agentId}`, 'Microsoft.Resources/resourceGroups', {});
  const application = cloud.directory.createApplication({ displayName: agentId }, WORLD.app.oid);
  const { id } = cloud.directory.createServicePrincipal(application, [], WORLD.app.oid);
  const { secretText } = cloud.directory.addPassword(application, {});
  vault.secrets.set(agentId, { value: secretText });
  cloud.authorization.seed(id, ROLES.contributor, `${SUBSCRIPTION}/resourceGroups/${agentId}`, agentId);
  const job = agentJob(
    {
      RUN_ID: 'run-1',
      AGENT_ID: agentId,
      SCENARIO_ID: scenarioId,
      RESOURCE_GROUP: agentId,
      LOCATION: WORLD.location,
      NAME_PREFIX: 'hm0123abcd',
      TAGS: 'AzureHayMaker-managed=true RunId=run-1',
      RUN_ENDS_AT: new Date(Date.now() + RUN_MS).toISOString(),
      HEARTBEAT_INTERVAL: 'PT1S',
      AZURE_TENANT_ID: WORLD.tenantId,
      AZURE_SUBSCRIPTION_ID: WORLD.subscriptionId,
      AZURE_CLIENT_ID: application.appId,
      SERVICE_BUS_NAMESPACE: WORLD.serviceBusNamespace,
      SERVICE_BUS_TOPIC: WORLD.topic,
      EVENTS_IDENTITY_ID: `${SUBSCRIPTION}/resourceGroups/${WORLD.platformGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${WORLD.eventsIdentity.displayName}`,
    },
    RUN_MS / 1_000 + 3,
  );
  job.configuration?.secrets?.push({
    name: 'client-secret',
    keyVaultUrl: `${WORLD.keyVaultUrl}/secrets/${agentId}`,
    identity: Object.keys(job.identity?.userAssignedIdentities ?? {})[0] ?? '',
  });
  job.template?.containers?.[0]?.env?.push({ name: 'AZURE_CLIENT_SECRET', secretRef: 'client-secret' });
  await client.jobs.createOrUpdate(WORLD.platformGroup, agentId, job, { updateIntervalInMs: 20 });
  const { name = '' } = await client.jobs.start(WORLD.platformGroup, agentId, { updateIntervalInMs: 20 });
  return name;
}

describe('scripted agents', () => {
  test('all five behaviours, by real protocols, on their own group only', async () => {
    const client = new ContainerAppsAPIClient(
      stage.credential(WORLD.app),
      WORLD.subscriptionId,
      stage.clientOptions,
    );
    const scenarios = Object.keys(behaviourByScenario);
    const executions = new Map<string, string>();
    for (const scenarioId of scenarios) executions.set(scenarioId, await deploy(client, scenarioId));
    await vi.waitFor(() => expect(agents.list().every(({ running }) => !running)).toBe(true), {
      timeout: 40_000,
      interval: 200,
    });

    const status = async (scenarioId: string) => {
      const found = await client.jobExecution(
        WORLD.platformGroup,
        `hm-0123abcd-${scenarioId}`,
        executions.get(scenarioId) ?? '',
      );
      return `${found.status}/${found.reason}`;
    };
    const statuses = Object.fromEntries(
      await Promise.all(scenarios.map(async (id) => [behaviourByScenario[id], await status(id)])),
    );
    expect(statuses).toEqual({
      clean: 'Succeeded/Completed',
      leaves: 'Succeeded/Completed',
      crashes: 'Failed/BackoffLimitExceeded',
      hangs: 'Failed/DeadlineExceeded',
      deaf: 'Failed/DeadlineExceeded',
    });

    const last = (behaviour: string) => {
      const view = agents.list().find((one) => one.behaviour === behaviour);
      const own = events.filter((event) => event.agent_id === view?.agentId);
      return {
        types: new Set(own.map((event) => event.event_type)),
        left: stage.cloud.resources.below(`${SUBSCRIPTION}/resourceGroups/${view?.agentId}`),
        sent: view?.eventsSent,
        received: own.length,
        lost: view?.eventsLost,
      };
    };
    const clean = last('clean');
    expect(clean.left).toEqual([]);
    expect([...clean.types]).toEqual(
      expect.arrayContaining([
        'agent_started',
        'heartbeat',
        'operation',
        'resource_created',
        'resource_deleted',
        'cleanup_complete',
        'agent_completed',
      ]),
    );
    expect(clean).toMatchObject({ lost: 0, sent: clean.received });
    const leaves = last('leaves');
    expect(leaves.left.length).toBeGreaterThan(0);
    expect(leaves.types.has('agent_completed')).toBe(true);
    expect(leaves.types.has('cleanup_complete')).toBe(false);
    for (const behaviour of ['crashes', 'hangs', 'deaf']) {
      const seen = last(behaviour);
      expect(seen.left.length).toBeGreaterThan(0);
      expect(seen.types.has('agent_completed')).toBe(false);
    }
    const untagged = stage.cloud.resources
      .list(({ id }) => id.includes('hm-0123abcd-storage') && id.includes('/providers/'))
      .filter(({ type, tags }) => type.split('/').length === 2 && !tags.RunId && !type.endsWith('/jobs'));
    expect(untagged.length).toBeGreaterThan(0);
    const secret = vault.secrets.get('hm-0123abcd-storage-00')?.value ?? 'no secret';
    expect(JSON.stringify([events, agents.list()])).not.toContain(secret);
  }, 60_000);
});

describe('the script', () => {
  test('five agents in a row show all five behaviours, the same for the same seed', () => {
    for (const seed of ['a', 'b']) {
      const shown = [5, 6, 7, 8, 9].map((order) => behaviourOf(seed, order));
      expect(new Set(shown)).toEqual(new Set(ORDINARY_BEHAVIOURS));
      expect([5, 6, 7, 8, 9].map((order) => behaviourOf(seed, order))).toEqual(shown);
    }
  });

  test.each([
    'ai-ml',
    'analytics',
    'compute',
    'containers',
    'databases',
    'hybrid',
    'identity',
    'networking',
    'security',
    'webapps',
  ])('%s makes three to seven resources of kinds that Azure has', (area) => {
    for (let n = 0; n < 20; n++) {
      const resources = planResources(
        {
          subscriptionId: WORLD.subscriptionId,
          group: 'hm-0123abcd-x',
          location: 'eastus',
          namePrefix: 'hm0123abcd',
          scenarioId: `${area}-01`,
          tags: { RunId: 'run-1' },
        },
        chanceOf(String(n)),
      );
      expect(resources.length).toBeGreaterThanOrEqual(3);
      expect(resources.length).toBeLessThanOrEqual(7);
      expect(resources.some(({ body, type }) => !('tags' in body) && type.split('/').length === 2)).toBe(
        true,
      );
      expect(resources.some(({ body }) => 'tags' in body)).toBe(true);
      for (const { id, apiVersion } of resources)
        expect(checkApiVersion(parseArmPath('PUT', id), apiVersion)).toBeUndefined();
    }
  });

  test('a missing variable is named', () => {
    expect(() => agentSettings({ RUN_ID: 'r', AZURE_CLIENT_SECRET: 'hush' })).toThrow(/AGENT_ID/);
    expect(() => agentSettings({ RUN_ID: 'r', AZURE_CLIENT_SECRET: 'hush' })).not.toThrow(/hush/);
  });

  test('tags may hold an equals sign', () => {
    expect(parseTags('a=1 b=x=y')).toEqual({ a: '1', b: 'x=y' });
  });

  test('a behaviour that does not exist is refused', () => {
    expect(() => createAgents('s', { 'compute-01': 'sleeps' })).toThrow(/clean, leaves/);
  });
});
