/** What the stand-in knows of an attempt to assign a role, or to remove an assignment. */
export interface AssignmentFacts {
  readonly verb: 'write' | 'delete';
  readonly roleDefinitionId: string;
  readonly principalType: string;
}

const CLAUSE =
  /\(\(!\(ActionMatches\{'Microsoft\.Authorization\/roleAssignments\/(write|delete)'\}\)\) OR \(@(Request|Resource)\[Microsoft\.Authorization\/roleAssignments:RoleDefinitionId\] ForAnyOfAnyValues:GuidEquals \{([^}]*)\} AND @\2\[Microsoft\.Authorization\/roleAssignments:PrincipalType\] ForAnyOfAnyValues:StringEqualsIgnoreCase \{([^}]*)\}\)\)/y;

interface Clause {
  readonly verb: string;
  readonly roles: ReadonlySet<string>;
  readonly principalTypes: ReadonlySet<string>;
}

/**
 * Reads the one form of condition that the stand-in understands: clauses joined by AND, each "not this action, or one of
 * these roles for one of these kinds of principal". Undefined for any other text: Azure would refuse what is not in its
 * language, and the stand-in refuses what it cannot judge.
 */
export function readCondition(condition: string): Clause[] | undefined {
  const text = condition.replace(/\s+/g, ' ').trim();
  const clauses: Clause[] = [];
  for (let at = 0; at < text.length; ) {
    CLAUSE.lastIndex = at;
    const found = CLAUSE.exec(text);
    if (!found) return undefined;
    const [whole, verb = '', of, roles = '', types = ''] = found;
    if (of !== (verb === 'write' ? 'Request' : 'Resource')) return undefined;
    clauses.push({ verb, roles: listed(roles), principalTypes: listed(types) });
    at += whole.length;
    if (at === text.length) return clauses;
    if (!text.startsWith(' AND ', at)) return undefined;
    at += ' AND '.length;
  }
  return undefined;
}

/** Whether an assignment that holds under `condition` lets its holder do this. A condition that is not understood never does. */
export function allows(condition: string | undefined, facts: AssignmentFacts | undefined): boolean {
  if (condition === undefined) return true;
  const clauses = readCondition(condition);
  if (!clauses) return false;
  // The actions that a condition of this form speaks of; all others are not restricted by it.
  if (!facts) return true;
  const guid = facts.roleDefinitionId.slice(facts.roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  return clauses
    .filter(({ verb }) => verb === facts.verb)
    .every(
      ({ roles, principalTypes }) => roles.has(guid) && principalTypes.has(facts.principalType.toLowerCase()),
    );
}

function listed(items: string): ReadonlySet<string> {
  return new Set(items.split(',').map((item) => item.trim().replace(/^'|'$/g, '').toLowerCase()));
}
