import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IDS, WORLD } from '../../local/world.ts';
import { type AgentJob, type ContainerApps, createContainerApps } from '../../src/azure/containerApps.ts';
import { createKeyVault } from '../../src/azure/keyVault.ts';
import { Blocked, Rejected, Unavailable } from '../../src/domain/errors.ts';
import { tagsFor } from '../../src/domain/naming.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

let fixture: StandInFixture;
let jobs: ContainerApps;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { jobCreate: 200, jobStart: 100, resourceDelete: 100 } });
  jobs = createContainerApps(fixture.credential, IDS.environment);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

function job(name: string, runId = 'run-1'): AgentJob {
  return {
    name,
    tags: tagsFor({ runId, expiresOn: '2026-11-21T15:00:00Z' }, 'networking-01'),
    image: `${WORLD.registry}/${WORLD.image}`,
    registryServer: WORLD.registry,
    pullIdentityId: IDS.agentIdentity,
    eventsIdentityId: IDS.eventsIdentity,
    cpu: 2,
    memory: '4Gi',
    workloadProfile: 'Consumption',
    replicaTimeoutSeconds: 60,
    secrets: [
      {
        name: 'anthropic-api-key',
        keyVaultUrl: createKeyVault(fixture.credential, WORLD.keyVaultUrl).secretUrl('anthropic-api-key'),
      },
    ],
    env: [
      { name: 'RUN_ID', value: runId },
      { name: 'ANTHROPIC_API_KEY', secretRef: 'anthropic-api-key' },
    ],
  };
}

const ready = (wanted: AgentJob) => until(async () => (await jobs.ensureJob(wanted)).state === 'ready');

describe('a job', () => {
  test('is made, becomes ready, is listed, deleted and gone', async () => {
    const wanted = job('hm-1-made');
    expect(await jobs.ensureJob(wanted)).toMatchObject({ state: 'provisioning' });
    await ready(wanted);
    expect(await jobs.listJobs('hm-1-')).toMatchObject([
      { name: 'hm-1-made', state: 'ready', deleting: false, tags: wanted.tags },
    ]);
    await jobs.startDelete('hm-1-made');
    await until(async () => (await jobs.listJobs('hm-1-')).length === 0);
    expect(await jobs.startDelete('hm-1-made')).toBe('gone');
  });

  test('of another run is left alone', async () => {
    await ready(job('hm-2-taken'));
    const claim = jobs.ensureJob(job('hm-2-taken', 'run-2'));
    await expect(claim).rejects.toThrow(Blocked);
    await expect(claim).rejects.toMatchObject({ code: 'NotOurs' });
  });

  test('that Container Apps does not accept is Rejected with its reason', async () => {
    await expect(jobs.ensureJob({ ...job('hm-3-big'), cpu: 64, memory: '64Gi' })).rejects.toThrow(Rejected);
  });

  test('runs once, however often it is started, and can be stopped', async () => {
    await ready(job('hm-4-once'));
    const name = await until(() => jobs.startOnce('hm-4-once'));
    expect(await jobs.startOnce('hm-4-once')).toBe(name);
    expect(await jobs.execution('hm-4-once', name)).toMatchObject({ status: expect.any(String) });
    await jobs.stopAll('hm-4-once');
    await until(async () => {
      const status = (await jobs.execution('hm-4-once', name))?.status;
      return status === 'stopped' || status === 'failed' || status === 'succeeded';
    });
    expect(await jobs.startOnce('hm-4-once')).toBe(name);
  });

  test('runs once also when the answer to its start is lost', async () => {
    await ready(job('hm-6-lost'));
    fixture.standIn.state.faults.add({
      match: 'POST .*/jobs/hm-6-lost/start$',
      kind: 'lostAnswer',
      times: 1,
    });
    await expect(jobs.startOnce('hm-6-lost')).rejects.toThrow(Unavailable);
    const name = await until(() => jobs.startOnce('hm-6-lost'));
    await until(async () => (await jobs.execution('hm-6-lost', name))?.status !== 'unknown');
    const starts = fixture.standIn.state.calls
      .list()
      .filter(({ path }) => path.endsWith('/jobs/hm-6-lost/start'));
    expect(starts).toHaveLength(1);
  });

  test('that is not there has no execution, and stopping it is fine', async () => {
    expect(await jobs.execution('hm-5-none', 'hm-5-none-abc')).toBeUndefined();
    await jobs.stopAll('hm-5-none');
  });
});

test('the environment says how it is', async () => {
  const { state, workloadProfiles } = await jobs.environmentState();
  expect(state).toBe('Succeeded');
  expect(workloadProfiles).toContain('Consumption');
});

test('an id that is not of an environment is refused', () => {
  expect(() => createContainerApps(fixture.credential, '/subscriptions/s')).toThrow(Rejected);
});
