import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import type { AgentInput } from '../../src/activities/contracts.ts';
import { createServicePrincipal } from '../../src/activities/createServicePrincipal.ts';
import { deployContainerApp } from '../../src/activities/deployContainerApp.ts';
import { createRoleAssignments } from '../../src/azure/roleAssignments.ts';
import { Denied } from '../../src/domain/errors.ts';
import { CONTRIBUTOR, DELEGABLE_ROLES } from '../../src/domain/roles.ts';
import type { Step } from '../../src/domain/run.ts';
import type { Services } from '../../src/services.ts';
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

async function done<T>(step: () => Promise<Step<T>>): Promise<T> {
  let value: T | undefined;
  await until(async () => {
    const answer = await step();
    if (answer.state === 'failed') throw new Error(answer.error);
    if (answer.state === 'done') value = answer.value;
    return answer.state === 'done';
  });
  return value as T;
}

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
    const { appId, principalId } = await done(() => createServicePrincipal(input, privileged));

    const roles = await privileged.roleAssignments();
    const held = (await roles.list()).filter((each) => each.principalId === principalId);
    expect(held.map(({ scope }) => scope)).toEqual([groupOf(agentId), groupOf(agentId)]);
    const ledger = await (await privileged.records()).ledger.ofRun('run-privileged');
    const entries = ledger.filter(({ kind }) => kind === 'role-assignment');
    expect(entries.map(({ id, state }) => [id, state]).sort()).toEqual(
      held.map(({ id }) => [id, 'created']).sort(),
    );
    await done(() => createServicePrincipal(input, privileged));
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

test('an agent is told the model that is set', async () => {
  const input = agentInput('run-model', 'compute-01');
  const identity = await done(() => createServicePrincipal(input, privileged));
  await done(() => deployContainerApp({ ...input, identity }, privileged));
  const jobs = tenant.fixture.standIn.state.resources.list(({ name }) => name === input.agent.agentId);
  expect(JSON.stringify(jobs)).toContain('{"name":"ANTHROPIC_MODEL","value":"claude-haiku-4-5"}');
}, 30_000);
