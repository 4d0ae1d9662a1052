import { ContainerAppsAPIClient, type Job } from '@azure/arm-appcontainers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createArm } from '../../../local/azure/arm.ts';
import { type ContainerApps, createContainerApps } from '../../../local/azure/containerApps.ts';
import type { ContainerContext } from '../../../local/azure/containerAppsExecution.ts';
import { createKeyVault, type KeyVault } from '../../../local/azure/keyVault.ts';
import { createRegistry } from '../../../local/azure/registry.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { IDS, WORLD } from '../../../local/world.ts';
import { agentJob, seedPlatform } from './platform.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let vault: KeyVault;
let containerApps: ContainerApps;
let client: ContainerAppsAPIClient;
/** What the container does is the test's affair. */
let program: (context: ContainerContext) => Promise<number>;
const poll = { updateIntervalInMs: 20 };
const group = WORLD.platformGroup;

beforeAll(async () => {
  stage = await openStage(
    (cloud) => {
      seedPlatform(cloud);
      vault = createKeyVault(cloud);
      containerApps = createContainerApps(cloud, {
        keyVault: vault,
        registry: createRegistry(cloud),
        program: (context) => program(context),
        hostEnvironment: () => ({ IDENTITY_ENDPOINT: 'http://127.0.0.1:1/msi/token' }),
        killGraceMs: 300,
      });
      return [createArm(cloud, [containerApps])];
    },
    { jobCreate: 100, jobStart: 50, resourceDelete: 100 },
  );
  // Some tests do what the app never does: read a job's secrets, stop all of its executions.
  stage.cloud.authorization.seed(
    WORLD.app.oid,
    ROLES.contributor,
    `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${group}`,
    'more-than-the-app',
  );
  client = new ContainerAppsAPIClient(stage.credential(WORLD.app), WORLD.subscriptionId, stage.clientOptions);
});

afterAll(async () => {
  containerApps.close();
  await stage.close();
});

function ended(terminated: AbortSignal): Promise<void> {
  return new Promise((resolve) => terminated.addEventListener('abort', () => resolve(), { once: true }));
}

async function startJob(name: string, job: Job = agentJob({ RUN_ID: 'run-1' })): Promise<string> {
  await client.jobs.createOrUpdate(group, name, job, poll);
  const { name: execution = '' } = await client.jobs.start(group, name, poll);
  return execution;
}

async function statusBecomes(job: string, execution: string, status: string) {
  return vi.waitFor(
    async () => {
      const found = await client.jobExecution(group, job, execution);
      expect(found.status).toBe(status);
      return found;
    },
    { timeout: 8_000, interval: 50 },
  );
}

describe('Container Apps jobs', () => {
  test('the environment is there', async () => {
    const environment = await client.managedEnvironments.get(group, WORLD.environmentName);
    expect(environment).toMatchObject({
      provisioningState: 'Succeeded',
      workloadProfiles: [{ name: 'Consumption' }],
    });
  });

  test('a job is made, started, and succeeds with exit code 0', async () => {
    let seen: ContainerContext | undefined;
    program = async (context) => {
      seen = context;
      return 0;
    };
    const execution = await startJob('hm-ok');
    const found = await statusBecomes('hm-ok', execution, 'Succeeded');
    expect(found.detailedStatus?.replicas?.[0]?.containers?.[0]?.code).toBe(0);
    expect(found.endTime).toBeInstanceOf(Date);
    expect(seen?.env).toMatchObject({ RUN_ID: 'run-1', CONTAINER_APP_JOB_EXECUTION_NAME: execution });
    expect(seen?.env.ANTHROPIC_API_KEY).toBe(vault.secrets.get('anthropic-api-key')?.value);
    const job = await client.jobs.get(group, 'hm-ok');
    expect(job).toMatchObject({ provisioningState: 'Succeeded', tags: { 'AzureHayMaker-managed': 'true' } });
  });

  test('the identity with lifecycle None is not to be had in the container', async () => {
    let offered: (string | undefined)[] = [];
    program = async ({ env }) => {
      const find = (oid: string) => stage.cloud.identities.find(env.IDENTITY_HEADER ?? '', { oid })?.oid;
      offered = [find(WORLD.eventsIdentity.oid), find(WORLD.agentIdentity.oid)];
      return 0;
    };
    await statusBecomes('hm-identity', await startJob('hm-identity'), 'Succeeded');
    expect(offered).toEqual([WORLD.eventsIdentity.oid, undefined]);
  });

  test('a program that fails makes the execution fail', async () => {
    program = async () => 3;
    const found = await statusBecomes('hm-fails', await startJob('hm-fails'), 'Failed');
    expect(found.detailedStatus?.replicas?.[0]?.containers?.[0]?.code).toBe(3);
  });

  test('stopping sends SIGTERM and waits for the end', async () => {
    program = async ({ terminate }) => {
      await ended(terminate);
      return 0;
    };
    const execution = await startJob('hm-stop');
    await client.jobs.stopExecution(group, 'hm-stop', execution, poll);
    await statusBecomes('hm-stop', execution, 'Stopped');
  });

  test('who does not heed SIGTERM is killed', async () => {
    program = () => new Promise(() => undefined);
    const execution = await startJob('hm-deaf');
    await client.jobs.stopMultipleExecutions(group, 'hm-deaf', poll);
    const found = await statusBecomes('hm-deaf', execution, 'Stopped');
    expect(found.detailedStatus?.replicas?.[0]?.containers?.[0]?.code).toBe(137);
  });

  test('the replica timeout ends an execution as failed, with the reason', async () => {
    program = () => new Promise(() => undefined);
    const execution = await startJob('hm-late', agentJob({}, 1));
    expect(await statusBecomes('hm-late', execution, 'Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
  });

  test('a reference that has become unreadable fails the execution, not the job', async () => {
    vault.secrets.set('gone-later', { value: 'x' });
    const job = agentJob({});
    const secret = job.configuration?.secrets?.[0];
    if (secret) secret.keyVaultUrl = `${WORLD.keyVaultUrl}/secrets/gone-later`;
    await client.jobs.createOrUpdate(group, 'hm-secret', job, poll);
    vault.secrets.delete('gone-later');
    const { name = '' } = await client.jobs.start(group, 'hm-secret', poll);
    const found = await statusBecomes('hm-secret', name, 'Failed');
    expect(found.message).toMatch(/not found in the vault/);
  });

  test('lists jobs in pages, and executions', async () => {
    program = async () => 0;
    for (let n = 0; n < 22; n++) await client.jobs.createOrUpdate(group, `hm-page-${n}`, agentJob({}), poll);
    const names: string[] = [];
    for await (const job of client.jobs.listByResourceGroup(group)) names.push(job.name ?? '');
    expect(names.filter((name) => name.startsWith('hm-page-'))).toHaveLength(22);
    const bySubscription: string[] = [];
    for await (const job of client.jobs.listBySubscription()) bySubscription.push(job.name ?? '');
    expect(bySubscription).toHaveLength(names.length);
    const execution = await startJob('hm-page-0');
    const executions: string[] = [];
    for await (const { name } of client.jobsExecutions.list(group, 'hm-page-0')) executions.push(name ?? '');
    expect(executions).toEqual([execution]);
  }, 40_000);

  test('deleting ends the job and what runs in it', async () => {
    let killed = false;
    program = async ({ kill }) => {
      await ended(kill);
      killed = true;
      return 137;
    };
    await statusBecomes('hm-gone', await startJob('hm-gone'), 'Running');
    await client.jobs.delete(group, 'hm-gone', poll);
    await expect(client.jobs.get(group, 'hm-gone')).rejects.toMatchObject({ statusCode: 404 });
    await client.jobs.delete(group, 'hm-gone', poll);
    await vi.waitFor(() => expect(killed).toBe(true));
  });

  test('no secret value is ever shown', async () => {
    const job = agentJob({});
    job.configuration?.secrets?.push({ name: 'plain', value: 'a-plain-secret-value' });
    const made = await client.jobs.createOrUpdate(group, 'hm-hidden', job, poll);
    const read = await client.jobs.get(group, 'hm-hidden');
    const secrets = await client.jobs.listSecrets(group, 'hm-hidden');
    expect(JSON.stringify([made, read, secrets])).not.toContain('a-plain-secret-value');
  });

  const refusals: [string, string, (job: Job) => void, object][] = [
    ['a name with two hyphens', 'hm--x', () => undefined, { code: 'ContainerAppInvalidName' }],
    [`a name of 33 characters`, `h${'m'.repeat(32)}`, () => undefined, { code: 'ContainerAppInvalidName' }],
    [
      'an unknown environment',
      'hm-bad',
      (job) => {
        job.environmentId = `${IDS.environment}-x`;
      },
      { code: 'ManagedEnvironmentNotFound' },
    ],
    [
      'memory that does not fit the cpu',
      'hm-bad',
      (job) => {
        const [container] = job.template?.containers ?? [];
        if (container) container.resources = { cpu: 2, memory: '8Gi' };
      },
      { code: 'ContainerAppInvalidResourceTotal' },
    ],
    [
      'an unknown workload profile',
      'hm-bad',
      (job) => {
        job.workloadProfileName = 'E16';
      },
      { code: 'WorkloadProfileNameNotFound' },
    ],
    [
      'an image that is not there',
      'hm-bad',
      (job) => {
        const [container] = job.template?.containers ?? [];
        if (container) container.image = `${WORLD.registry}/haymaker/agent:0.0.0`;
      },
      { message: expect.stringContaining('MANIFEST_UNKNOWN') },
    ],
    [
      'a secret reference that the identity cannot resolve',
      'hm-bad',
      (job) => {
        const [secret] = job.configuration?.secrets ?? [];
        if (secret) secret.identity = IDS.eventsIdentity;
      },
      { message: expect.stringContaining('getSecret') },
    ],
    [
      'a secretRef without a secret',
      'hm-bad',
      (job) => {
        job.template?.containers?.[0]?.env?.push({ name: 'X', secretRef: 'nothing' });
      },
      { code: 'ContainerAppSecretRefNotFound' },
    ],
  ];
  test.each(refusals)('refuses %s', async (_what, name, spoil, expected) => {
    const job = agentJob({});
    spoil(job);
    await expect(client.jobs.createOrUpdate(group, name, job, poll)).rejects.toMatchObject({
      statusCode: 400,
      ...expected,
    });
  });

  test('an identity can only be given to a job by who may assign it', async () => {
    const scope = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${group}/providers/Microsoft.App`;
    stage.cloud.authorization.seed(WORLD.eventsIdentity.oid, ROLES.contributor, scope, 'jobs-only');
    const other = new ContainerAppsAPIClient(
      stage.credential(WORLD.eventsIdentity),
      WORLD.subscriptionId,
      stage.clientOptions,
    );
    await expect(other.jobs.createOrUpdate(group, 'hm-other', agentJob({}), poll)).rejects.toMatchObject({
      statusCode: 403,
    });
  });
});
