import type { Privilege } from './scenario.ts';

/** A built-in role of Azure, by name and GUID (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export interface BuiltInRole {
  readonly name: string;
  readonly guid: string;
}

/** What every agent has on its own resource group. */
export const CONTRIBUTOR: BuiltInRole = { name: 'Contributor', guid: 'b24988ac-6180-42a0-ab88-20f7382dd24c' };
const ACCESS_ADMINISTRATOR: BuiltInRole = {
  name: 'Role Based Access Control Administrator',
  guid: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
};

/**
 * The roles that an agent with `role-assignment` may hand on, to service principals (managed identities are such) in its
 * own group. All of them reach data in a storage account and nothing else.
 */
export const DELEGABLE_ROLES: readonly BuiltInRole[] = [
  { name: 'Storage Blob Data Reader', guid: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
  { name: 'Storage Blob Data Contributor', guid: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  { name: 'Storage Blob Data Owner', guid: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' },
];

/** A role that an agent is given on its own resource group, with the condition under which it holds. */
export interface AgentRole extends BuiltInRole {
  /** In Azure's language for conditions, version 2.0. */
  readonly condition?: string;
}

/** What an agent is given for what its scenario requires: always Contributor on its group, and then what is listed here. */
export function agentRoles(requires: readonly Privilege[]): readonly AgentRole[] {
  if (!requires.includes('role-assignment')) return [CONTRIBUTOR];
  const condition = delegationCondition(DELEGABLE_ROLES.map(({ guid }) => guid));
  return [CONTRIBUTOR, { ...ACCESS_ADMINISTRATOR, condition }];
}

/** Every role that the app itself ever assigns; with `privileged` for deployments that allow privileged scenarios. */
export function rolesThatTheAppAssigns({ privileged }: { privileged: boolean }): readonly BuiltInRole[] {
  return privileged ? [CONTRIBUTOR, ACCESS_ADMINISTRATOR] : [CONTRIBUTOR];
}

/** Every role whose assignments the app may have to remove: its own, and what agents hand on. */
export function rolesThatTheAppRemoves({ privileged }: { privileged: boolean }): readonly BuiltInRole[] {
  return [...rolesThatTheAppAssigns({ privileged }), ...(privileged ? DELEGABLE_ROLES : [])];
}

/**
 * A condition for a role that can assign roles: only these roles, and only to service principals
 * (learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples). `removes` are the roles whose
 * assignments may be removed; the same when left out.
 */
export function delegationCondition(
  assigns: readonly string[],
  removes: readonly string[] = assigns,
): string {
  const attribute = (of: string, name: string) => `@${of}[Microsoft.Authorization/roleAssignments:${name}]`;
  const clause = (verb: string, of: string, guids: readonly string[]) =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${verb}'})) OR (` +
    `${attribute(of, 'RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${guids.join(', ')}} AND ` +
    `${attribute(of, 'PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
  return `${clause('write', 'Request', assigns)} AND ${clause('delete', 'Resource', removes)}`;
}
