import { azureError, type Principal, type Reply } from './core.ts';
import { PermissionUses } from './permissionUses.ts';
import { type AssignmentFacts, allows } from './roleConditions.ts';
import { grants, type RoleDefinition, roleById } from './roles.ts';

export interface RoleAssignment {
  readonly id: string;
  /** GUID. */
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly roleDefinitionId: string;
  /** Under which it holds; without one, always. */
  readonly condition?: string;
  readonly createdAt: number;
  readonly createdBy: string;
  /** Has no effect before that. */
  readonly effectiveAt: number;
}

export type AssignmentListener = (id: string, assignment: RoleAssignment | undefined) => void;

/** Role assignments and the question that they answer. Scopes are compared without regard to case. */
export class Authorization {
  /** What was asked for, by whom, and whether a role granted it. */
  readonly uses = new PermissionUses();
  private readonly byId = new Map<string, RoleAssignment>();
  private readonly listeners: AssignmentListener[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  onChange(listener: AssignmentListener): void {
    this.listeners.push(listener);
  }

  put(assignment: RoleAssignment): void {
    this.byId.set(assignment.id.toLowerCase(), assignment);
    for (const listener of this.listeners) listener(assignment.id, assignment);
  }

  get(id: string): RoleAssignment | undefined {
    return this.byId.get(id.toLowerCase());
  }

  /** Returns what was removed. */
  remove(id: string): RoleAssignment | undefined {
    const found = this.get(id);
    if (!found) return undefined;
    this.byId.delete(id.toLowerCase());
    for (const listener of this.listeners) listener(found.id, undefined);
    return found;
  }

  /** Removes every assignment at `scope` or below it: what goes with a deleted group or resource. */
  removeBelow(scope: string): void {
    for (const assignment of this.list((a) => covers(scope, a.scope))) this.remove(assignment.id);
  }

  list(wanted: (assignment: RoleAssignment) => boolean = () => true): RoleAssignment[] {
    return [...this.byId.values()].filter(wanted);
  }

  /** Gives a role that has an effect at once: for what exists before the stand-in starts. */
  seed(
    principalId: string,
    definition: RoleDefinition,
    scope: string,
    name: string,
    condition?: string,
  ): void {
    this.put({
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      name,
      scope,
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${definition.guid}`,
      ...(condition === undefined ? {} : { condition }),
      createdAt: this.now(),
      createdBy: principalId,
      effectiveAt: 0,
    });
  }

  /**
   * Whether the principal holds, at `scope` or above it, a role in effect that grants the action, such as
   * Microsoft.App/jobs/write, or the data action, such as Microsoft.KeyVault/vaults/secrets/getSecret/action.
   * `assignment` is what an attempt to assign a role, or to remove an assignment, is about: conditions look at it.
   */
  can(
    oid: string,
    action: string,
    scope: string,
    kind: 'action' | 'dataAction' = 'action',
    assignment?: AssignmentFacts,
  ): boolean {
    const now = this.now();
    const granted = this.list(
      (a) => a.principalId === oid && a.effectiveAt <= now && covers(a.scope, scope),
    ).some((a) => {
      const definition = roleById(a.roleDefinitionId);
      return definition !== undefined && grants(definition, action, kind) && allows(a.condition, assignment);
    });
    this.uses.note({ principalId: oid, action, kind, granted }, scope);
    return granted;
  }

  /** Azure Resource Manager's 403. */
  forbid(principal: Principal, action: string, scope: string): Reply {
    return azureError(
      403,
      'AuthorizationFailed',
      `The client '${principal.appId}' with object id '${principal.oid}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }
}

/** True when `scope` is `outer` or lies below it. */
export function covers(outer: string, scope: string): boolean {
  const [o, s] = [outer.toLowerCase().replace(/\/$/, ''), scope.toLowerCase()];
  return s === o || s.startsWith(`${o}/`);
}
