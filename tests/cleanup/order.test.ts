import { describe, expect, it } from 'vitest';
import { withoutCovered } from '../../src/activities/forceCleanup.ts';
import { createBudget } from '../../src/cleanup/budget.ts';
import { inStages, inTiers } from '../../src/cleanup/order.ts';
import { isLocked, reasonOf } from '../../src/cleanup/reasons.ts';
import type { Leftover } from '../../src/domain/cleanup.ts';
import { Blocked, Denied, Rejected } from '../../src/domain/errors.ts';

const group = '/subscriptions/s/resourceGroups/g';
const id = (type: string, name: string) => `${group}/providers/${type}/${name}`;
const leftover = (kind: Leftover['kind'], itsId: string = kind): Leftover => ({
  kind,
  id: itsId,
  source: 'arm-ledger',
});

describe('the order of deletion', () => {
  it('ancestor 36: takes rights before the identity, and purges after deleting', () => {
    const kinds = [
      'deleted-secret',
      'soft-deleted',
      'application',
      'secret',
      'resource-group',
      'role-assignment',
      'job',
    ] as const;
    const stages = inStages(kinds.map((kind) => leftover(kind)));
    expect(stages.map((stage) => stage.map(({ kind }) => kind))).toEqual([
      ['job'],
      ['role-assignment'],
      ['application', 'secret', 'resource-group'],
      ['deleted-secret', 'soft-deleted'],
    ]);
  });

  it('leaves out what Azure is deleting, and what goes with its group', () => {
    expect(inStages([{ ...leftover('job'), deleting: true }])).toEqual([]);
    const inGroup = leftover('resource', id('Microsoft.Web/sites', 's'));
    expect(withoutCovered([leftover('resource-group', group.toUpperCase()), inGroup])).toHaveLength(1);
    expect(withoutCovered([leftover('resource-group', `${group}2`), inGroup])).toHaveLength(2);
  });

  it('ancestor 40: children, what manages others, the rest; a network after what is in it and before what it holds', () => {
    const disk = {
      id: id('Microsoft.Compute/disks', 'd'),
      type: 'Microsoft.Compute/disks',
      managedBy: id('Microsoft.Compute/virtualMachines', 'vm'),
    };
    const of = (type: string, name: string) => ({ id: id(type, name), type });
    const tiers = inTiers([
      of('Microsoft.Network/publicIPAddresses', 'pip'),
      of('Microsoft.Network/networkSecurityGroups', 'nsg'),
      of('Microsoft.Network/virtualNetworks', 'vnet'),
      of('Microsoft.Network/networkInterfaces', 'nic'),
      of('Microsoft.Storage/storageAccounts', 'st'),
      disk,
      of('Microsoft.Compute/virtualMachines', 'vm'),
      of('Microsoft.Network/virtualNetworks/subnets', 'vnet/subnets/a'),
    ]);
    expect(tiers.map((tier) => tier.map((one) => one.id.split('/').at(-1)))).toEqual([
      ['a'],
      ['vm'],
      ['st'],
      ['nic'],
      ['vnet'],
      ['nsg', 'd'],
      ['pip'],
    ]);
  });
});

describe('the budget of a call', () => {
  it('ancestor 40: ends with its deletions or with its time, and says which', () => {
    let now = 0;
    const budget = createBudget(2, 25_000, () => now);
    expect(budget.take()).toBeUndefined();
    expect(budget.take()).toBeUndefined();
    expect(budget.take()).toMatch(/2 deletions are the limit of one call \(MAX_DELETIONS_PER_CALL\)/);
    const timed = createBudget(2, 25_000, () => now);
    now = 25_000;
    expect(timed.take()).toMatch(/25 s/);
  });
});

describe('the reason why something stays', () => {
  it('names the lock and where it is', () => {
    const locked = new Blocked(`deleting ${group}: The scope is locked. (409 ScopeLocked).`, 'ScopeLocked');
    const scope = id('Microsoft.Storage/storageAccounts', 'st');
    expect(isLocked(locked)).toBe(true);
    expect(reasonOf(locked, [{ name: 'keep', level: 'CanNotDelete', scope }])).toBe(
      'held by lock keep (CanNotDelete) on storageAccounts/st',
    );
    expect(reasonOf(locked, [{ name: 'a', level: 'ReadOnly', scope: group }])).toBe(
      'held by lock a (ReadOnly) on the group g',
    );
  });

  it('names what uses it', () => {
    const nic = `${id('Microsoft.Network/networkInterfaces', 'nic-1')}/ipConfigurations/ip`;
    const text = `deleting ${id('Microsoft.Network/virtualNetworks', 'v')}: Subnet a is in use by ${nic} and cannot be deleted. In order to delete it, remove what uses it. (400 InUseSubnetCannotBeDeleted). The request has to change.`;
    expect(reasonOf(new Rejected(text))).toBe(
      'Subnet a is in use by networkInterfaces/nic-1 and cannot be deleted',
    );
  });

  it('names the right that is missing', () => {
    const text =
      "deleting x: The client 'c' does not have authorization to perform action 'Microsoft.Network/virtualNetworks/delete' over scope 'y'. (403 AuthorizationFailed).";
    expect(reasonOf(new Denied(text))).toBe('no right to delete: Microsoft.Network/virtualNetworks/delete');
  });
});
