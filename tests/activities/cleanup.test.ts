import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import type { AgentInput } from '../../src/activities/contracts.ts';
import { createServicePrincipal } from '../../src/activities/createServicePrincipal.ts';
import { forceCleanup } from '../../src/activities/forceCleanup.ts';
import { selectScenarios } from '../../src/activities/selectScenarios.ts';
import { verifyCleanup } from '../../src/activities/verifyCleanup.ts';
import { createCredentials } from '../../src/azure/credential.ts';
import { createEntra } from '../../src/azure/entra.ts';
import { CLEANUP_SOURCES, type CleanupSource } from '../../src/domain/cleanup.ts';
import { Denied } from '../../src/domain/errors.ts';
import { stem, tagsFor } from '../../src/domain/naming.ts';
import { type RunPlan, RunRequest } from '../../src/domain/run.ts';
import { groupId, placing, SUBSCRIPTION } from '../support/placing.ts';
import { agentInput, openTenant, type Tenant } from '../support/tenant.ts';
import { until } from '../support/until.ts';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await openTenant();
}, 60_000);
afterEach(() => tenant.fixture.standIn.state.faults.remove());
afterAll(() => tenant?.[Symbol.asyncDispose]());

const { placeGroup, placeIn } = placing(() => tenant);
const leftOf = (runId: string) => tenant.leftOf(runId);
const tagsOf = ({ scope, agent }: AgentInput) => tagsFor(scope, agent.scenarioId);

describe('a clean-up', () => {
  test('ancestor 30, 32, 33, 36, 39: finds and removes all that an agent had, and closes its books', async () => {
    const runId = 'run-whole';
    const agent = await tenant.provision(runId, 'compute-01');
    const group = agent.agent.agentId;
    placeIn(group, 'Microsoft.Storage/storageAccounts', 'untagged');
    placeIn(group, 'Microsoft.KeyVault/vaults', 'hmvault', { tags: tagsOf(agent) });
    placeIn(group, 'Microsoft.CognitiveServices/accounts', 'hmai');
    placeIn(group, 'Microsoft.ApiManagement/service', 'hmapim');
    placeIn(group, 'Microsoft.AppConfiguration/configurationStores', 'hmconfig');
    placeIn(group, 'Microsoft.OperationalInsights/workspaces', 'hmlog');
    const kinds = new Set((await leftOf(runId)).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'application',
      'resource',
      'role-assignment',
      'secret',
      'service-principal',
    ]);

    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
    expect(tenant.fixture.standIn.state.softDeletions.list()).toEqual([]);
    const ledger = await (await tenant.services.records()).ledger.ofRun(runId);
    expect(new Set(ledger.map(({ state }) => state))).toEqual(new Set(['deleted']));
    expect(ledger.map(({ id }) => id)).toContainEqual(expect.stringContaining('storageAccounts/untagged'));
  }, 60_000);

  test('ancestor 32: removes identities and secrets although the agent has left no resource', async () => {
    const runId = 'run-tidy';
    const { agent } = await tenant.provision(runId, 'compute-01');
    tenant.fixture.standIn.state.resources.remove(groupId(agent.agentId));
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('finds and removes a service principal whose application is gone', async () => {
    const runId = 'run-orphan';
    await tenant.provision(runId, 'compute-01');
    const { applications } = tenant.fixture.standIn.state.directory;
    for (const { id, tags } of applications.values())
      if (tags.includes(`RunId:${runId}`)) applications.delete(id);
    expect((await leftOf(runId)).map(({ kind }) => kind)).toContain('service-principal');
    expect((await tenant.verify(runId)).verdict).toBe('leftovers');
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('ancestor 34: finds a group that nobody has tagged and the ledger has lost, and says why it stays', async () => {
    const runId = 'run-named';
    const id = placeGroup(stem(runId, 'compute-01'));
    expect((await tenant.verify(runId)).verdict).toBe('leftovers');
    const { failures } = await tenant.force(runId);
    expect(failures).toEqual([
      { kind: 'resource-group', id, reason: expect.stringMatching(/nothing proves/) },
    ]);
    expect(tenant.fixture.standIn.state.resources.get(id)?.deletingUntil).toBeUndefined();
    placeGroup(stem(runId, 'compute-01'), tagsFor({ runId, expiresOn: '' }, 'compute-01'));
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('ancestor 35: deletes resources of any type, each with an api-version of its own', async () => {
    const runId = 'run-types';
    placeGroup('rg-elsewhere');
    const tags = tagsFor({ runId, expiresOn: '' }, 'compute-01');
    const types = [
      'Microsoft.Sql/servers',
      'Microsoft.DataFactory/factories',
      'Microsoft.Logic/workflows',
      'Microsoft.Portal/dashboards',
      'Microsoft.ContainerInstance/containerGroups',
    ];
    for (const type of types) placeIn('rg-elsewhere', type, 'one', { tags });
    const foreign = placeIn('rg-elsewhere', 'Microsoft.Sql/servers', 'theirs');
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
    expect(tenant.fixture.standIn.state.resources.get(foreign)).toBeDefined();
  }, 60_000);

  test('ancestor 39: the next run gives its secret the same scenario, and another name', async () => {
    const [first, second] = ['run-1', 'run-2'].map((runId) => stem(runId, 'compute-01'));
    expect(first).not.toBe(second);
    const [one, two] = [await tenant.provision('run-1', 'compute-01'), 'run-2'];
    await (await tenant.services.keyVault()).startDelete(one.agent.agentId);
    await tenant.provision(two, 'compute-01');
    expect((await tenant.clean('run-1')).verdict).toBe('clean');
    expect((await tenant.clean('run-2')).verdict).toBe('clean');
  }, 60_000);
});

describe('a verdict', () => {
  const LISTS: Record<CleanupSource, string> = {
    'resource-graph': 'Microsoft.ResourceGraph/resources',
    'resource-graph-roles': 'Microsoft.ResourceGraph/resources',
    'arm-ledger': 'GET .*/managedEnvironments/',
    'arm-groups': 'GET .*/resourcegroups$',
    'arm-resources': 'GET .*/subscriptions/[^/]+/resources$',
    'arm-soft-deleted': 'GET .*/deletedVaults$',
    'role-assignments': 'GET .*/roleAssignments$',
    'entra-applications': 'GET graph.microsoft.com/v1.0/applications$',
    'entra-deleted-items': 'GET .*/deletedItems/',
    'key-vault': 'GET .*/secrets$',
    'key-vault-deleted': 'GET .*/deletedsecrets$',
    'container-apps-jobs': 'GET .*Microsoft.App/jobs$',
  };

  test.each(CLEANUP_SOURCES)('ancestor 31: is unknown when %s fails, and names it', async (source) => {
    tenant.fixture.standIn.state.faults.add({ match: LISTS[source], kind: 'status', status: 403 });
    const { verdict, blindSources } = await tenant.verify('run-nothing');
    expect(verdict).toBe('unknown');
    expect(blindSources).toContain(source);
  });

  test('is clean when nothing was ever made and every source can prove its sight', async () => {
    expect(await tenant.verify('run-nothing')).toMatchObject({ verdict: 'clean', blindSources: [] });
  });

  test('ancestor 31: is unknown for an identity that has lost its rights, although every list is empty', async () => {
    const { authorization } = tenant.fixture.standIn.state;
    const taken = authorization.list(
      (one) => one.principalId === WORLD.app.oid && one.scope === SUBSCRIPTION,
    );
    for (const { id } of taken) authorization.remove(id);
    try {
      const blind = await until(async () => {
        const { verdict, blindSources } = await tenant.verify('run-nothing');
        return verdict === 'unknown' && blindSources;
      });
      expect(blind).toEqual(
        expect.arrayContaining(['resource-graph', 'resource-graph-roles', 'arm-groups', 'arm-resources']),
      );
      const { evidence } = await tenant.roundOf('run-nothing');
      expect(evidence.find(({ source }) => source === 'arm-groups')?.detail).toMatch(
        /cannot prove its sight: the group rg-haymaker must be visible/,
      );
    } finally {
      for (const assignment of taken) authorization.put(assignment);
    }
    await until(async () => (await tenant.verify('run-nothing')).verdict === 'clean');
  }, 30_000);

  test('ancestor 41: looks at the target subscription only, and refuses a canary that is elsewhere', async () => {
    const elsewhere = tenant.servicesWith({
      CANARY_RESOURCE_ID: '/subscriptions/other/resourceGroups/g/providers/Microsoft.Web/sites/s',
    });
    const runId = 'run-elsewhere';
    const { verdict, blindSources } = await verifyCleanup({ runId, sweep: 's', round: 1 }, elsewhere);
    expect(verdict).toBe('unknown');
    expect(blindSources).toEqual(['resource-graph', 'arm-ledger', 'arm-groups', 'arm-resources']);
    const round = await (await elsewhere.records()).documents.round({ runId, sweep: 's', round: 1 });
    expect(round?.evidence[0]?.detail).toMatch(/CANARY_RESOURCE_ID/);
  });
});

describe('overlap and repetition', () => {
  test('ancestor 43, 44: two runs with the same scenario share nothing, and cleaning one leaves the other', async () => {
    await tenant.provision('run-20261121T0600Z', 'compute-01');
    await tenant.provision('exec-20261121-0a1b2c3d', 'compute-01');
    const before = (await leftOf('exec-20261121-0a1b2c3d')).map(({ id }) => id).sort();
    expect((await tenant.clean('run-20261121T0600Z')).verdict).toBe('clean');
    expect(await leftOf('run-20261121T0600Z')).toEqual([]);
    expect((await leftOf('exec-20261121-0a1b2c3d')).map(({ id }) => id).sort()).toEqual(before);
    expect((await tenant.clean('exec-20261121-0a1b2c3d')).verdict).toBe('clean');
  }, 60_000);

  test('ancestor 45: provisioning that is called twice, and twice at once, makes one of each', async () => {
    const runId = 'run-twice';
    const input = agentInput(runId, 'compute-01');
    const both = () =>
      Promise.all([1, 2].map(async () => (await createServicePrincipal(input, tenant.services)).state));
    await until(async () => (await both()).every((state) => state === 'done'));
    expect(await both()).toEqual(['done', 'done']);
    const kinds = (await leftOf(runId)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['application', 'resource', 'role-assignment', 'secret', 'service-principal']);
    await tenant.clean(runId);
  }, 60_000);

  test('a deletion that is asked for twice succeeds twice', async () => {
    const runId = 'run-again';
    await tenant.provision(runId, 'compute-01');
    await tenant.verify(runId);
    const both = await Promise.all([tenant.force(runId), tenant.force(runId)]);
    expect(both.flatMap(({ failures }) => failures)).toEqual([]);
    expect((await tenant.clean(runId)).verdict).toBe('clean');
  }, 60_000);

  test('ancestor 36: an agent that could not be provisioned is undone by what the ledger intended', async () => {
    const runId = 'run-undone';
    const { agent } = await tenant.provision(runId, 'compute-01');
    const { ledger, agents } = await tenant.services.records();
    // As after a crash between "made" and "noted": the object id is not in the books.
    await ledger.note(runId, 'application', agent.agentId, { state: 'intended', directory: {} });
    const target = { kind: 'agent', agentId: agent.agentId, error: 'no capacity' } as const;
    expect((await forceCleanup({ runId, target }, tenant.services)).failures).toEqual([]);
    expect((await agents.ofRun(runId))[0]).toMatchObject({ state: 'removed', error: 'no capacity' });
    expect((await tenant.clean(runId)).verdict).toBe('clean');
    expect(await leftOf(runId)).toEqual([]);
  }, 60_000);

  test('a run id that was used before is refused, for its names may be being removed', async () => {
    const { documents } = await tenant.services.records();
    const plan = { runId: 'run-used', startedAt: '2026-11-21T06:00:00.000Z' };
    await documents.savePlan(plan as RunPlan);
    const again = { runId: 'run-used', startedAt: '2026-11-21T12:00:00.000Z', request: RunRequest.parse({}) };
    await expect(selectScenarios(again, tenant.services)).rejects.toThrow(/was used at 2026-11-21T06:00/);
  });

  test('ancestor 38: an agent may make nothing in Entra, where it could not be found by tag', async () => {
    const runId = 'run-directory';
    const { agent } = await tenant.provision(runId, 'identity-01');
    const [entry] = (await (await tenant.services.records()).ledger.ofRun(runId)).filter(
      ({ kind }) => kind === 'application',
    );
    const secret = await (await tenant.services.keyVault()).getSecret(agent.agentId);
    const { target: credential } = createCredentials({
      target: {
        tenantId: WORLD.tenantId,
        clientId: entry?.directory?.appId ?? '',
        clientSecret: secret,
      },
    });
    const entra = createEntra(credential);
    const make = () => entra.ensureApplication({ uniqueName: 'agents-own', displayName: 'x', tags: [] });
    // A new secret is not known everywhere at once; what counts is the answer to one that is.
    await expect
      .poll(() => make().catch((error: unknown) => error), { timeout: 15_000 })
      .toBeInstanceOf(Denied);
    await tenant.clean(runId);
  }, 60_000);

  test('a group of our name that somebody else made is neither used nor deleted', async () => {
    const runId = 'run-not-ours';
    const id = placeGroup(stem(runId, 'compute-01'), { owner: 'somebody' });
    const step = await createServicePrincipal(agentInput(runId, 'compute-01'), tenant.services);
    expect(step).toMatchObject({ state: 'failed', error: expect.stringMatching(/exists without the tags/) });
    const target = { kind: 'agent', agentId: stem(runId, 'compute-01'), error: 'x' } as const;
    const { failures } = await forceCleanup({ runId, target }, tenant.services);
    expect(failures).toEqual([
      expect.objectContaining({ id, reason: expect.stringMatching(/nothing proves/) }),
    ]);
    // Having failed once proves nothing either.
    await tenant.verify(runId);
    expect((await tenant.force(runId)).failures).toHaveLength(1);
    tenant.fixture.standIn.state.resources.remove(id);
  }, 30_000);
});
