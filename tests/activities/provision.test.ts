import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import type {
  AgentExecution,
  AgentIdentity,
  AgentInput,
  IdentitySoFar,
  JobSoFar,
} from '../../src/activities/contracts.ts';
import { createServicePrincipal } from '../../src/activities/createServicePrincipal.ts';
import { deployContainerApp } from '../../src/activities/deployContainerApp.ts';
import { createRoleAssignments } from '../../src/azure/roleAssignments.ts';
import { Denied, Throttled } from '../../src/domain/errors.ts';
import { CONTRIBUTOR, DELEGABLE_ROLES } from '../../src/domain/roles.ts';
import type { Step } from '../../src/domain/run.ts';
import type { Services } from '../../src/services.ts';
import { done } from '../support/step.ts';
import { agentInput, openTenant, type Tenant } from '../support/tenant.ts';
import { until } from '../support/until.ts';

let tenant: Tenant;
let privileged: Services;
beforeAll(async () => {
  tenant = await openTenant();
  privileged = tenant.servicesWith({
    ALLOW_PRIVILEGED_SCENARIOS: 'true',
    ANTHROPIC_MODEL: 'claude-haiku-4-5',
  });
}, 60_000);
afterAll(() => tenant?.[Symbol.asyncDispose]());

const groupOf = (name: string) => `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${name}`;

function privilegedInput(runId: string): AgentInput {
  const { scope, agent } = agentInput(runId, 'identity-02');
  return { scope, agent: { ...agent, requires: ['role-assignment'] } };
}

const operations = () => tenant.fixture.standIn.state.calls.counts().byOperation;

/** Makes a managed identity in the agent's group, behind everybody's back; returns its principal. */
function program(group: string): string {
  const oid = randomUUID();
  tenant.fixture.standIn.state.directory.addManagedIdentity({ oid, appId: randomUUID(), displayName: group });
  return oid;
}

describe('an agent whose scenario requires role assignments', () => {
  test('gets them on its own group, by the book, may hand on only what is listed, and all of it goes', async () => {
    const input = privilegedInput('run-privileged');
    const { agentId } = input.agent;
    const { appId, principalId } = await done<AgentIdentity, IdentitySoFar>((known) =>
      createServicePrincipal({ ...input, ...known }, privileged),
    );

    const roles = await privileged.roleAssignments();
    const held = (await roles.list()).filter((each) => each.principalId === principalId);
    expect(held.map(({ scope }) => scope)).toEqual([groupOf(agentId), groupOf(agentId)]);
    const ledger = await (await privileged.records()).ledger.ofRun('run-privileged');
    const entries = ledger.filter(({ kind }) => kind === 'role-assignment');
    expect(entries.map(({ id, state }) => [id, state]).sort()).toEqual(
      held.map(({ id }) => [id, 'created']).sort(),
    );
    await done<AgentIdentity, IdentitySoFar>((known) =>
      createServicePrincipal({ ...input, ...known }, privileged),
    );
    expect((await roles.list()).filter((each) => each.principalId === principalId)).toEqual(held);

    const { tokens } = tenant.fixture.standIn.state;
    const own = { oid: principalId, appId, displayName: agentId };
    const agent = createRoleAssignments(
      {
        getToken: async () => {
          const { token, expiresOn } = await tokens.issue(own, 'https://management.azure.com');
          return { token, expiresOnTimestamp: expiresOn * 1_000 };
        },
      },
      WORLD.subscriptionId,
    );
    const assign = (scope: string, guid: string) =>
      agent.ensure({
        id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
        principalId: program(agentId),
        roleDefinitionGuid: guid,
      });
    const [reader] = DELEGABLE_ROLES;
    await until(() =>
      assign(groupOf(agentId), reader?.guid ?? '').then(
        () => true,
        () => false,
      ),
    );
    await expect(assign(groupOf(agentId), CONTRIBUTOR.guid)).rejects.toThrow(Denied);
    await expect(assign(groupOf(WORLD.platformGroup), reader?.guid ?? '')).rejects.toThrow(Denied);
    await expect(assign(groupOf(''), reader?.guid ?? '')).rejects.toThrow();

    expect((await tenant.clean('run-privileged')).verdict).toBe('clean');
    expect(await tenant.leftOf('run-privileged')).toEqual([]);
  }, 60_000);

  test('gets nothing when the operator does not allow it (any more)', async () => {
    const step = await createServicePrincipal(privilegedInput('run-refused'), tenant.services);
    expect(step).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('ALLOW_PRIVILEGED_SCENARIOS'),
    });
    expect(await tenant.leftOf('run-refused')).toEqual([]);
  });
});

describe('a step that Azure keeps waiting', () => {
  test('makes and asks for nothing twice, and the ledger knows all of it', async () => {
    const input = agentInput('run-waiting', 'compute-02');
    const { agentId } = input.agent;
    let calls = 0;
    // Longer than a call waits by itself.
    const { delays } = tenant.fixture.standIn.state;
    const usual = { ...delays };
    Object.assign(delays, { principalPropagation: 6_000, jobCreate: 1_000 });
    onTestFinished(() => void Object.assign(delays, usual));
    const before = operations();
    const identity = await done<AgentIdentity, IdentitySoFar>((known) => {
      calls += 1;
      return createServicePrincipal({ ...input, ...known }, tenant.services);
    });
    await done<AgentExecution, JobSoFar>((known) =>
      deployContainerApp({ ...input, identity, ...known }, tenant.services),
    );
    const after = operations();
    const made = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    expect(calls).toBeGreaterThan(1);
    expect(made('Graph PATCH /applications(uniqueName)')).toBe(1);
    expect(made('Microsoft.Resources/subscriptions/resourceGroups/write')).toBe(1);
    expect(made('Microsoft.Resources/subscriptions/resourceGroups/read')).toBe(1);
    expect(made('Graph POST /applications/{id}/addPassword')).toBe(1);
    expect(made('Microsoft.Authorization/roleAssignments/write')).toBeGreaterThan(1);
    expect(made('Microsoft.App/jobs/start/action')).toBe(1);

    const entries = await (await tenant.services.records()).ledger.ofRun('run-waiting');
    expect(entries.map(({ kind, state }) => [kind, state]).sort()).toEqual(
      ['application', 'job', 'resource-group', 'role-assignment', 'secret'].map((kind) => [kind, 'created']),
    );
    const application = entries.find(({ kind }) => kind === 'application');
    expect(application?.directory).toMatchObject({
      appId: identity.appId,
      principalId: identity.principalId,
      objectId: expect.any(String),
    });
    expect(entries.every((entry) => entry.agentId === agentId)).toBe(true);
    await tenant.clean('run-waiting');
  }, 60_000);

  test('is not refused again for a principal that is as new as the one before', async () => {
    const input = agentInput('run-waiting-again', 'compute-04');
    const waits: Step<AgentIdentity, IdentitySoFar>[] = [];
    const before = operations();
    await done<AgentIdentity, IdentitySoFar>(async (known) => {
      const step = await createServicePrincipal({ ...input, ...known }, tenant.services);
      waits.push(step);
      return step;
    });
    const after = operations();
    const write = 'Microsoft.Authorization/roleAssignments/write';
    expect((after[write] ?? 0) - (before[write] ?? 0)).toBe(1);
    expect(waits.at(-2)).toMatchObject({
      state: 'pending',
      waitingFor: expect.stringContaining('replication'),
      retryAfterSeconds: expect.any(Number),
      soFar: { group: true, secret: true, principal: { id: expect.any(String) } },
    });
    await tenant.clean('run-waiting-again');
  }, 60_000);

  test('says nothing of what it has made when the intent could not be written', async () => {
    const input = agentInput('run-no-books', 'compute-03');
    const records = await tenant.services.records();
    const broken: Services = {
      ...tenant.services,
      records: async () => ({
        ...records,
        ledger: { ...records.ledger, intend: () => Promise.reject(new Throttled('writing the ledger', 1)) },
      }),
    };
    const step = await createServicePrincipal(input, broken);
    expect(step).toEqual({ state: 'pending', waitingFor: expect.any(String), retryAfterSeconds: 1 });
    expect(await tenant.leftOf('run-no-books')).toEqual([]);
  });
});

test('an agent is told the model that is set', async () => {
  const input = agentInput('run-model', 'compute-01');
  const identity = await done<AgentIdentity, IdentitySoFar>((known) =>
    createServicePrincipal({ ...input, ...known }, privileged),
  );
  await done<AgentExecution, JobSoFar>((known) =>
    deployContainerApp({ ...input, identity, ...known }, privileged),
  );
  const jobs = tenant.fixture.standIn.state.resources.list(({ name }) => name === input.agent.agentId);
  expect(JSON.stringify(jobs)).toContain('{"name":"ANTHROPIC_MODEL","value":"claude-haiku-4-5"}');
}, 30_000);
