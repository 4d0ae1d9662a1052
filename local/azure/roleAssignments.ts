import { z } from 'zod';
import { covers, type RoleAssignment } from './authorization.ts';
import type { Cloud } from './cloud.ts';
import { azureError, type Principal, type Reply, type Request } from './core.ts';
import { type AssignmentFacts, readCondition } from './roleConditions.ts';
import { ROLES, type RoleDefinition, roleById } from './roles.ts';

const AssignmentBody = z.object({
  properties: z.object({
    principalId: z.string(),
    roleDefinitionId: z.string(),
    principalType: z.string().optional(),
    condition: z.string().optional(),
    conditionVersion: z.string().optional(),
  }),
});

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How much longer a principal stays unknown to callers that do not send principalType, which makes Azure look it up. */
const LOOKUP_FACTOR = 3;

/** What a request to assign a role, or to remove an assignment, is about; undefined for any other request. */
export function assignmentFacts(cloud: Cloud, { method, path, json }: Request): AssignmentFacts | undefined {
  if (!/\/roleAssignments\/[^/]+$/i.test(path)) return undefined;
  if (method === 'PUT') {
    const { principalType = 'ServicePrincipal', roleDefinitionId = '' } =
      AssignmentBody.safeParse(json).data?.properties ?? {};
    return { verb: 'write', roleDefinitionId, principalType };
  }
  const existing = method === 'DELETE' ? cloud.authorization.get(path) : undefined;
  return existing && { verb: 'delete', ...existing };
}

/** Microsoft.Authorization/roleAssignments at `scope`; without a name the list. */
export function handleRoleAssignments(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  scope: string,
  name: string | undefined,
): Reply {
  if (!name) return list(cloud, request, scope);
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const existing = cloud.authorization.get(id);
  switch (request.method) {
    case 'PUT':
      return put(cloud, caller, request, { id, scope, name }, existing);
    case 'DELETE':
      if (!existing) return { status: 204 };
      cloud.authorization.remove(id);
      return { status: 200, body: view(existing) };
    default:
      return existing
        ? { status: 200, body: view(existing) }
        : azureError(404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
  }
}

function put(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  at: { id: string; scope: string; name: string },
  existing: RoleAssignment | undefined,
): Reply {
  const body = AssignmentBody.safeParse(request.json);
  if (!body.success) {
    return azureError(
      400,
      'InvalidRequestContent',
      'properties.principalId and properties.roleDefinitionId are required.',
    );
  }
  const wanted = body.data.properties;
  const definition = roleById(wanted.roleDefinitionId);
  if (!GUID.test(at.name)) {
    return azureError(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${at.name}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  if (!definition) {
    return azureError(
      400,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${wanted.roleDefinitionId}' does not exist.`,
    );
  }
  if (
    wanted.condition !== undefined &&
    (wanted.conditionVersion !== '2.0' || !readCondition(wanted.condition))
  ) {
    return azureError(400, 'InvalidCondition', 'The condition is not in the language of version 2.0.');
  }
  const same = (a: RoleAssignment) =>
    a.principalId === wanted.principalId &&
    roleById(a.roleDefinitionId) === definition &&
    a.scope.toLowerCase() === at.scope.toLowerCase();
  if (existing && same(existing)) return { status: 200, body: view(existing) };
  if (existing) {
    return azureError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
  }
  if (cloud.authorization.list(same).length > 0) {
    return azureError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  }
  if (!principalIsKnown(cloud, wanted)) return principalNotFound(cloud, wanted.principalId);
  const made: RoleAssignment = {
    ...at,
    principalId: wanted.principalId,
    principalType: wanted.principalType ?? 'ServicePrincipal',
    roleDefinitionId: definitionId(definition),
    ...(wanted.condition === undefined ? {} : { condition: wanted.condition }),
    createdAt: cloud.now(),
    createdBy: caller.oid,
    effectiveAt: cloud.now() + cloud.delays.rolePropagation,
  };
  cloud.authorization.put(made);
  return { status: 201, body: view(made) };
}

function principalIsKnown(cloud: Cloud, wanted: { principalId: string; principalType?: string | undefined }) {
  const servicePrincipal = cloud.directory.servicePrincipals.get(wanted.principalId);
  if (!servicePrincipal || servicePrincipal.deletedAt !== undefined) return false;
  if (servicePrincipal.servicePrincipalType === 'ManagedIdentity') return true;
  const delay = cloud.delays.principalPropagation * (wanted.principalType ? 1 : LOOKUP_FACTOR);
  return servicePrincipal.createdAt + delay <= cloud.now();
}

function principalNotFound(cloud: Cloud, principalId: string): Reply {
  return azureError(
    400,
    'PrincipalNotFound',
    `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${cloud.tokens.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
}

function list(cloud: Cloud, request: Request, scope: string): Reply {
  const filter = request.query.$filter ?? '';
  let wanted = (a: RoleAssignment) => covers(a.scope, scope) || covers(scope, a.scope);
  for (const term of filter.split(/\s+and\s+/i).filter(Boolean)) {
    const [, principalId] = /^(?:principalId eq |assignedTo\()'([^']+)'\)?$/i.exec(term.trim()) ?? [];
    const before = wanted;
    if (principalId) wanted = (a) => before(a) && a.principalId === principalId;
    else if (/^atScope\(\)$/i.test(term.trim())) wanted = (a) => before(a) && covers(a.scope, scope);
    else return azureError(400, 'UnsupportedQuery', `The filter '${filter}' is not supported.`);
  }
  return { status: 200, body: { value: cloud.authorization.list(wanted).map((a) => view(a)) } };
}

/** A role assignment as Azure Resource Manager and Resource Graph show it. */
export function assignmentProperties(assignment: RoleAssignment): Record<string, unknown> {
  const createdOn = new Date(assignment.createdAt).toISOString();
  return {
    roleDefinitionId: assignment.roleDefinitionId,
    principalId: assignment.principalId,
    principalType: assignment.principalType,
    scope: assignment.scope,
    condition: assignment.condition ?? null,
    conditionVersion: assignment.condition === undefined ? null : '2.0',
    createdOn,
    updatedOn: createdOn,
    createdBy: assignment.createdBy,
    updatedBy: assignment.createdBy,
  };
}

function view(assignment: RoleAssignment) {
  return {
    id: assignment.id,
    name: assignment.name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: assignmentProperties(assignment),
  };
}

/** Microsoft.Authorization/roleDefinitions: the roles that the stand-in knows. */
export function handleRoleDefinitions(request: Request, guid: string | undefined): Reply {
  if (guid) {
    const found = roleById(guid);
    return found
      ? { status: 200, body: definitionView(found) }
      : azureError(
          404,
          'RoleDefinitionDoesNotExist',
          `The specified role definition '${guid}' does not exist.`,
        );
  }
  const [, roleName] = /^roleName eq '([^']+)'$/i.exec(request.query.$filter ?? '') ?? [];
  if (request.query.$filter && !roleName) {
    return azureError(400, 'UnsupportedQuery', `The filter '${request.query.$filter}' is not supported.`);
  }
  const found = Object.values(ROLES).filter((r) => !roleName || r.name === roleName);
  return { status: 200, body: { value: found.map(definitionView) } };
}

function definitionId(definition: RoleDefinition): string {
  return `/providers/Microsoft.Authorization/roleDefinitions/${definition.guid}`;
}

function definitionView(definition: RoleDefinition) {
  return {
    id: definitionId(definition),
    name: definition.guid,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: definition.name,
      type: definition === ROLES.orchestrator ? 'CustomRole' : 'BuiltInRole',
      permissions: [
        {
          actions: definition.actions,
          notActions: definition.notActions,
          dataActions: definition.dataActions,
        },
      ],
    },
  };
}
