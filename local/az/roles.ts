import { randomUUID } from 'node:crypto';
import { DELEGABLE_ROLES } from '../../src/domain/roles.ts';
import { arm, type Json } from './cloud.ts';
import type { Command } from './commands.ts';
import { groupId } from './ids.ts';
import type { Invocation } from './invocation.ts';
import { CliError } from './session.ts';

const ASSIGNMENTS_VERSION = '2022-04-01';
/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(DELEGABLE_ROLES.map(({ name, guid }) => [name.toLowerCase(), guid])),
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'key vault secrets user': '4633458b-17de-408a-b874-0445c86b69e6',
  'key vault secrets officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
};

/** `az role …`, for scenarios that may. */
export const ROLE_COMMANDS: Readonly<Record<string, Command>> = {
  'role assignment create': async (invocation) => {
    const id = `${scopeOf(invocation)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const principalId = invocation.need('assignee-object-id', 'assignee');
    const properties = {
      principalId,
      roleDefinitionId: definitionOf(invocation),
      principalType: invocation.value('assignee-principal-type') ?? 'ServicePrincipal',
    };
    await arm.putOnce(id, { properties }, ASSIGNMENTS_VERSION);
    return { id, ...properties };
  },
  'role assignment list': async (invocation) => (await assignments(invocation)).map(shown),
  'role assignment delete': async (invocation) => {
    const ids = invocation.has('ids')
      ? invocation.values('ids')
      : (await wanted(invocation)).map(({ id }) => String(id));
    for (const id of ids) await arm.remove(id, ASSIGNMENTS_VERSION);
  },
  'role definition list': async (invocation) => {
    const name = invocation.value('name');
    return Object.entries(ROLES)
      .filter(([role]) => name === undefined || role === name.toLowerCase())
      .map(([role, guid]) => ({ roleName: role, name: guid, permissions: [] }));
  },
};

function scopeOf(invocation: Invocation): string {
  return (
    invocation.value('scope') ?? (invocation.has('resource-group') ? groupId(invocation) : subscription())
  );
}

function subscription(): string {
  return `/subscriptions/${process.env.AZURE_SUBSCRIPTION_ID}`;
}

function definitionOf(invocation: Invocation): string {
  const role = invocation.need('role');
  const guid = ROLES[role.toLowerCase()] ?? (/^[0-9a-f-]{36}$/.test(role) ? role : undefined);
  if (!guid) throw new CliError(`Role '${role}' doesn't exist.`);
  return `${subscription()}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

/** As the real CLI: with a scope only what is assigned exactly there, unless what is inherited is asked for. */
async function assignments(invocation: Invocation): Promise<Json[]> {
  const scope = scopeOf(invocation);
  const all = await arm.list(
    `${scope}/providers/Microsoft.Authorization/roleAssignments`,
    ASSIGNMENTS_VERSION,
  );
  if (invocation.has('all') || invocation.has('include-inherited')) return all;
  return all.filter(
    ({ properties }) => String(Object(properties).scope).toLowerCase() === scope.toLowerCase(),
  );
}

async function wanted(invocation: Invocation): Promise<Json[]> {
  const assignee = invocation.value('assignee', 'assignee-object-id');
  const role = invocation.has('role') ? definitionOf(invocation) : undefined;
  return (await assignments(invocation)).filter((assignment) => {
    const { principalId, roleDefinitionId } = Object(assignment.properties);
    return (!assignee || principalId === assignee) && (!role || guidOf(roleDefinitionId) === guidOf(role));
  });
}

function guidOf(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1);
}

function shown({ id, properties }: Json): Json {
  const { roleDefinitionId = '' } = Object(properties);
  const role = Object.entries(ROLES).find(([, guid]) => String(roleDefinitionId).endsWith(guid));
  return { id, ...Object(properties), roleDefinitionName: role?.[0] };
}
