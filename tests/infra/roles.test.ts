import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import builtIn from '../../infra/roles/builtIn.json' with { type: 'json' };
import { readCondition } from '../../local/azure/roleConditions.ts';
import { ROLES } from '../../local/azure/roles.ts';
import {
  delegationCondition,
  rolesThatTheAppAssigns,
  rolesThatTheAppRemoves,
} from '../../src/domain/roles.ts';
import { INFRA } from './support/bicep.ts';

const guids = (roles: readonly { guid: string }[]) => roles.map(({ guid }) => guid);

function condition(privileged: boolean): string {
  return delegationCondition(
    guids(rolesThatTheAppAssigns({ privileged })),
    guids(rolesThatTheAppRemoves({ privileged })),
  );
}

describe('the roles of a deployment', () => {
  it('are under the condition that src/domain/roles.ts writes (vitest -u writes the file anew)', async () => {
    const conditions = { standard: condition(false), privileged: condition(true) };
    for (const text of Object.values(conditions)) expect(readCondition(text)).toHaveLength(2);
    await expect(`${JSON.stringify(conditions, null, 2)}\n`).toMatchFileSnapshot(
      path.join(INFRA, 'roles/conditions.json'),
    );
  });

  it('have the ids that the stand-in knows for them, where it does', () => {
    const known: Readonly<Record<string, { readonly guid: string }>> = ROLES;
    const compared = Object.entries(builtIn).filter(([name]) => known[name]);
    expect(compared.length).toBeGreaterThan(5);
    for (const [name, guid] of compared) expect([name, guid]).toEqual([name, known[name]?.guid]);
  });

  it('show the clean-up’s canary through the right that it proves, and through no other', () => {
    const jobRunner = JSON.parse(readFileSync(path.join(INFRA, 'roles/jobRunner.json'), 'utf8'));
    for (const { action } of jobRunner.actions) expect(action).not.toMatch(/read$/i);
    const main = readFileSync(path.join(INFRA, 'main.bicep'), 'utf8');
    expect(main).toContain('isElsewhere: targetSubscriptionId != subscription().subscriptionId');
  });

  it('of our own state a reason for every action', () => {
    for (const file of ['orchestrator.json', 'jobRunner.json']) {
      const role = JSON.parse(readFileSync(path.join(INFRA, 'roles', file), 'utf8'));
      for (const { action, reason } of [
        ...role.actions,
        ...role.notActions,
        ...(role.readsElsewhere ?? []),
      ]) {
        expect([action, reason.length > 5]).toEqual([action, true]);
      }
    }
  });
});
