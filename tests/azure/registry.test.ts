import { afterAll, beforeAll, expect, test } from 'vitest';
import { WORLD } from '../../local/world.ts';
import { checkAnthropic } from '../../src/azure/anthropic.ts';
import { createKeyVault } from '../../src/azure/keyVault.ts';
import { createRegistry } from '../../src/azure/registry.ts';
import { Denied, Missing } from '../../src/domain/errors.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';

let fixture: StandInFixture;
const [repository = '', tag = ''] = WORLD.image.split(':');

beforeAll(async () => {
  fixture = await withStandIn();
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

test('an image has the same digest by tag and by digest', async () => {
  const registry = createRegistry(fixture.credential, WORLD.registry);
  const digest = await registry.digestOf(repository, tag);
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await registry.digestOf(repository, digest)).toBe(digest);
});

test.each([
  [repository, '9.9.9'],
  ['no/such', '1'],
])('%s:%s is Missing', async (name, reference) => {
  const registry = createRegistry(fixture.credential, WORLD.registry);
  await expect(registry.digestOf(name, reference)).rejects.toThrow(Missing);
});

test('the Anthropic key of the vault may list models, another may not', async () => {
  const key = await createKeyVault(fixture.credential, WORLD.keyVaultUrl).getSecret('anthropic-api-key');
  expect(await checkAnthropic(key)).toBeGreaterThan(0);
  const refused = checkAnthropic('sk-ant-wrong');
  await expect(refused).rejects.toThrow(Denied);
  await expect(refused).rejects.not.toThrow(/sk-ant-wrong/);
});
