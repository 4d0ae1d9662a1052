import { SecretClient } from '@azure/keyvault-secrets';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createKeyVault, type KeyVault } from '../../../local/azure/keyVault.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { IDS, WORLD } from '../../../local/world.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let vault: KeyVault;
let officer: SecretClient;
let reader: SecretClient;
let stranger: SecretClient;

beforeAll(async () => {
  stage = await openStage(
    (cloud) => {
      cloud.authorization.seed(WORLD.app.oid, ROLES.keyVaultSecretsOfficer, IDS.keyVault, 'officer');
      cloud.authorization.seed(WORLD.agentIdentity.oid, ROLES.keyVaultSecretsUser, IDS.keyVault, 'user');
      vault = createKeyVault(cloud);
      return [vault];
    },
    { secretDelete: 200 },
  );
  const client = (principal: Parameters<Stage['credential']>[0]) =>
    new SecretClient(WORLD.keyVaultUrl, stage.credential(principal), stage.clientOptions);
  officer = client(WORLD.app);
  reader = client(WORLD.agentIdentity);
  stranger = client(WORLD.eventsIdentity);
});

afterAll(() => stage.close());

async function removed(name: string) {
  const poller = await officer.beginDeleteSecret(name, { intervalInMs: 20 });
  await poller.pollUntilDone();
}

describe('Key Vault', () => {
  test('sets and reads a secret with its attributes and tags', async () => {
    const expiresOn = new Date('2026-12-01T00:00:00Z');
    const set = await officer.setSecret('plain', 'first', { expiresOn, tags: { RunId: 'run-1' } });
    await officer.setSecret('plain', 'second');
    expect(await officer.getSecret('plain')).toMatchObject({ value: 'second' });
    const first = await officer.getSecret('plain', { version: set.properties.version ?? '' });
    expect(first.value).toBe('first');
    expect(first.properties).toMatchObject({ expiresOn, tags: { RunId: 'run-1' }, enabled: true });
  });

  test('a deleted secret keeps its name until it is purged', async () => {
    await officer.setSecret('going', 'x');
    await removed('going');
    await expect(officer.getSecret('going')).rejects.toMatchObject({
      code: 'SecretNotFound',
      statusCode: 404,
    });
    await expect(officer.setSecret('going', 'y')).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining('deleted but recoverable'),
    });
    const listed: string[] = [];
    for await (const { name } of officer.listDeletedSecrets()) listed.push(name);
    expect(listed).toContain('going');
    await officer.purgeDeletedSecret('going');
    await vi.waitFor(() =>
      expect(officer.getDeletedSecret('going')).rejects.toMatchObject({ statusCode: 404 }),
    );
    await officer.setSecret('going', 'again');
  });

  test('a deletion takes its time, and a purge during it is a conflict', async () => {
    await officer.setSecret('slow', 'x');
    await officer.beginDeleteSecret('slow', { intervalInMs: 20 });
    await expect(officer.purgeDeletedSecret('slow')).rejects.toMatchObject({ statusCode: 409 });
    await vi.waitFor(() => officer.purgeDeletedSecret('slow'));
  });

  test('a deleted secret can be recovered', async () => {
    await officer.setSecret('back', 'kept');
    await removed('back');
    await (await officer.beginRecoverDeletedSecret('back', { intervalInMs: 20 })).pollUntilDone();
    expect((await officer.getSecret('back')).value).toBe('kept');
  });

  test('lists in pages', async () => {
    for (let n = 0; n < 30; n++) await officer.setSecret(`many-${n}`, 'x');
    const names: string[] = [];
    for await (const { name } of officer.listPropertiesOfSecrets()) names.push(name);
    expect(names.filter((name) => name.startsWith('many-'))).toHaveLength(30);
  });

  test('the roles decide who may do what', async () => {
    expect((await reader.getSecret('anthropic-api-key')).value).toMatch(/^sk-ant-/);
    await expect(reader.setSecret('mine', 'x')).rejects.toMatchObject({ code: 'Forbidden', statusCode: 403 });
    await expect(stranger.getSecret('anthropic-api-key')).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('Microsoft.KeyVault/vaults/secrets/getSecret/action'),
    });
  });

  test('a name that Key Vault does not take is refused', async () => {
    await expect(officer.setSecret('not_ok', 'x')).rejects.toMatchObject({
      statusCode: 400,
      code: 'BadParameter',
    });
  });

  test('a reference resolves for an identity with the role only', () => {
    const url = `${WORLD.keyVaultUrl}/secrets/anthropic-api-key`;
    expect(vault.resolve(WORLD.agentIdentity, url)).toHaveProperty('value');
    expect(vault.resolve(WORLD.eventsIdentity, url)).toMatchObject({
      problem: expect.stringContaining('lacks'),
    });
    expect(vault.resolve(WORLD.agentIdentity, `${WORLD.keyVaultUrl}/secrets/nothing`)).toHaveProperty(
      'problem',
    );
  });

  test('the seeded secret is known to those who search for leaks', () => {
    expect(stage.cloud.secretsIssued.list().map(({ name }) => name)).toContain('anthropic-api-key');
  });
});
