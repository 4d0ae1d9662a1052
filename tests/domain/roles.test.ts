import { describe, expect, it } from 'vitest';
import { allows } from '../../local/azure/roleConditions.ts';
import {
  agentRoles,
  CONTRIBUTOR,
  DELEGABLE_ROLES,
  delegationCondition,
  rolesThatTheAppAssigns,
  rolesThatTheAppRemoves,
} from '../../src/domain/roles.ts';

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

describe('the roles of an agent', () => {
  it('are Contributor and nothing else, unless its scenario requires more', () => {
    expect(agentRoles([])).toEqual([CONTRIBUTOR]);
    expect(agentRoles(['entra'])).toEqual([CONTRIBUTOR]);
    expect(agentRoles(['role-assignment'])).toHaveLength(2);
  });

  it('let it hand on rights to data, to service principals, and nothing that hands on rights again', () => {
    const [, administrator] = agentRoles(['role-assignment']);
    const may = (roleDefinitionId: string, principalType = 'ServicePrincipal') =>
      (['write', 'delete'] as const).map((verb) =>
        allows(administrator?.condition, { verb, roleDefinitionId, principalType }),
      );
    for (const { guid } of DELEGABLE_ROLES) {
      expect(may(`/providers/Microsoft.Authorization/roleDefinitions/${guid}`)).toEqual([true, true]);
      expect(may(guid, 'User')).toEqual([false, false]);
    }
    for (const guid of [OWNER, CONTRIBUTOR.guid, administrator?.guid ?? '']) {
      expect(may(guid)).toEqual([false, false]);
    }
  });

  it('are all that the app ever assigns, and it can remove what agents hand on', () => {
    expect(rolesThatTheAppAssigns({ privileged: false })).toEqual([CONTRIBUTOR]);
    const guids = (roles: readonly { guid: string }[]) => roles.map(({ guid }) => guid);
    expect(guids(rolesThatTheAppAssigns({ privileged: true }))).toEqual(
      guids(agentRoles(['role-assignment'])),
    );
    expect(rolesThatTheAppRemoves({ privileged: true })).toEqual(
      expect.arrayContaining([...DELEGABLE_ROLES]),
    );
  });
});

describe('a condition', () => {
  it('may name other roles for removing than for assigning', () => {
    const condition = delegationCondition([CONTRIBUTOR.guid], [CONTRIBUTOR.guid, OWNER]);
    const owner = { roleDefinitionId: OWNER, principalType: 'ServicePrincipal' };
    expect(allows(condition, { verb: 'write', ...owner })).toBe(false);
    expect(allows(condition, { verb: 'delete', ...owner })).toBe(true);
  });

  it('that the stand-in does not understand allows nothing', () => {
    const facts = { verb: 'write', roleDefinitionId: CONTRIBUTOR.guid, principalType: 'User' } as const;
    for (const text of ['', 'true', `${delegationCondition([OWNER])} OR true`]) {
      expect(allows(text, facts)).toBe(false);
    }
  });
});
