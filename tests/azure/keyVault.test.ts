import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import { createKeyVault, type KeyVault } from '../../src/azure/keyVault.ts';
import { Denied, Missing, NotReadyYet } from '../../src/domain/errors.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

let fixture: StandInFixture;
let vault: KeyVault;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { secretDelete: 150 } });
  vault = createKeyVault(fixture.credential, WORLD.keyVaultUrl);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const options = { expiresOn: new Date(Date.now() + 3_600_000), tags: { RunId: 'run-1' } };

describe('a secret', () => {
  test('is written, read and listed by the start of its name', async () => {
    await vault.setSecret('hm-a-1', 'one', options);
    await vault.setSecret('hm-b-1', 'two', options);
    expect(await vault.getSecret('hm-a-1')).toBe('one');
    expect(await vault.listSecrets('hm-a')).toEqual(['hm-a-1']);
  });

  test('that does not exist is Missing', async () => {
    await expect(vault.getSecret('hm-none')).rejects.toThrow(Missing);
  });

  test('is deleted, listed as deleted, and purged; each may be repeated', async () => {
    await vault.setSecret('hm-gone', 'x', options);
    await vault.startDelete('hm-gone');
    await vault.startDelete('hm-gone');
    await until(async () => (await vault.listDeletedSecrets('hm-gone')).length === 1);
    expect(await vault.listSecrets('hm-gone')).toEqual([]);
    await until(async () => (await vault.purge('hm-gone')) === 'gone');
    expect(await vault.purge('hm-gone')).toBe('gone');
    expect(await vault.listDeletedSecrets('hm-gone')).toEqual([]);
  });

  test('that is not deleted yet cannot be purged', async () => {
    await vault.setSecret('hm-live', 'x', options);
    expect(await vault.purge('hm-live')).toBe('pending');
    expect(await vault.getSecret('hm-live')).toBe('x');
  });

  test('of the same name as a deleted one is not ready at first, and then is', async () => {
    await vault.setSecret('hm-again', 'old', options);
    await vault.startDelete('hm-again');
    await until(async () => (await vault.listDeletedSecrets('hm-again')).length === 1);
    await expect(vault.setSecret('hm-again', 'new', options)).rejects.toThrow(NotReadyYet);
    await until(() => vault.setSecret('hm-again', 'new', options).then(() => true));
    expect(await vault.getSecret('hm-again')).toBe('new');
  });

  test('has a URL without a version', () => {
    const url = `${WORLD.keyVaultUrl}/secrets/hm-a-1`;
    expect(vault.secretUrl('hm-a-1')).toBe(url);
    expect(createKeyVault(fixture.credential, `${WORLD.keyVaultUrl}/`).secretUrl('hm-a-1')).toBe(url);
  });
});

test('the check leaves no probe behind', async () => {
  await vault.checkReadWrite('hm-0a1b2c3d-probe-4e5f', {});
  await until(async () => (await vault.listDeletedSecrets('hm-0a1b2c3d-probe')).length === 0);
  expect(await vault.listSecrets('hm-0a1b2c3d-probe')).toEqual([]);
});

test('a refusal names the secret and not its value', async () => {
  fixture.standIn.state.faults.add({
    match: 'PUT kv-haymaker',
    kind: 'status',
    status: 403,
    code: 'Forbidden',
    times: 1,
  });
  const writing = vault.setSecret('hm-denied', 'hunter2', options);
  await expect(writing).rejects.toThrow(Denied);
  await expect(writing).rejects.toThrow(/hm-denied/);
  await expect(writing).rejects.not.toThrow(/hunter2/);
});
