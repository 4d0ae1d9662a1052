import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import settings from '../../infra/settings.json' with { type: 'json' };
import { readConfig, Settings } from '../../src/config.ts';
import { bicepFiles, declarations, INFRA, members, parseBicep } from './support/bicep.ts';

/** Settings of the app that a deployment must not have, and why. */
const NOT_SET: Readonly<Record<string, string>> = {
  SERVICE_BUS_ENDPOINT: 'only for a broker on another address than the namespace',
  AzureWebJobsStorage: 'a connection string; the deployment is AzureWebJobsStorage__accountName, by identity',
};

const known = Object.keys(Settings.shape);

async function variables(): Promise<Map<string, Map<string, string>>> {
  const app = (await bicepFiles()).find((file) => file.path === 'modules/app.bicep');
  if (!app) throw new Error('there is no infra/modules/app.bicep');
  return new Map(
    declarations(app.root)
      .filter(({ kind }) => kind === 'variable')
      .map(({ name, node }) => {
        const values = [...members(node.namedChildren[1] ?? undefined)];
        return [name, new Map(values.map(([key, value]) => [key, value?.text ?? '']))];
      }),
  );
}

describe('the settings of a deployment', () => {
  it('are all that config.ts knows, and nothing that it does not know', async () => {
    const platform = [...((await variables()).get('platformSettings') ?? new Map()).keys()];
    const tunable = Object.keys(settings);
    expect(platform.filter((name) => tunable.includes(name))).toEqual([]);
    expect([...platform, ...tunable, ...Object.keys(NOT_SET)].sort()).toEqual([...known].sort());
  });

  it('reach the app: every list is joined, and the host has an identity for each connection', async () => {
    const all = await variables();
    const app = readFileSync(path.join(INFRA, 'modules/app.bicep'), 'utf8');
    const joined = /var appSettings = union\(([\s\S]*?)\n\)/.exec(app)?.[1] ?? '';
    for (const list of [...all.keys()].filter((name) => /.Settings$/.test(name) && name !== 'appSettings')) {
      expect([list, joined.includes(list)]).toEqual([list, true]);
    }
    const host = [...(all.get('hostSettings') ?? new Map()).keys()];
    for (const connection of ['AzureWebJobsStorage', 'ServiceBusConnection']) {
      expect(host).toEqual(expect.arrayContaining([`${connection}__credential`, `${connection}__clientId`]));
    }
    const index = readFileSync(path.resolve(INFRA, '../src/index.ts'), 'utf8');
    for (const [, connection = ''] of index.matchAll(/connection: '(\w+)'/g)) {
      expect(host).toContain(`${connection}__fullyQualifiedNamespace`);
    }
    for (const [, setting = ''] of index.matchAll(/'%(\w+)%'/g)) expect(settings).toHaveProperty(setting);
  });

  it('are, where an operator may tune them, the defaults of config.ts', () => {
    const example = (value: string) => ({
      KEY_VAULT_URL: 'https://kv-hm.vault.azure.net/',
      CONTAINER_REGISTRY: 'acrhaymaker.azurecr.io',
      CONTAINER_IMAGE: 'haymaker/agent:1.0.0',
      CONTAINER_APPS_ENVIRONMENT_ID: `/subscriptions/${value}/resourceGroups/g/providers/Microsoft.App/managedEnvironments/e`,
      AGENT_IDENTITY_ID: `/subscriptions/${value}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/a`,
      AGENT_EVENTS_IDENTITY_ID: `/subscriptions/${value}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/b`,
      STORAGE_ACCOUNT: 'sthaymaker',
    });
    const required = example('3c0a7f6e-2b1d-4a58-9f0c-6d5e4b3a2c10');
    expect(readConfig({ ...required, ...settings })).toEqual(readConfig(required));
  });

  it('of the environments are settings, with values that the app takes', async () => {
    for (const file of readdirSync(INFRA).filter((name) => name.endsWith('.bicepparam'))) {
      const text = readFileSync(path.join(INFRA, file), 'utf8').replace(/^using .*$/m, '');
      const root = await parseBicep(text.replace(/^param /gm, 'var '));
      const own = declarations(root).find(({ name }) => name === 'settings');
      const values = [...members(own?.node.namedChildren[1] ?? undefined)];
      expect(Object.keys(settings)).toEqual(expect.arrayContaining(values.map(([key]) => key)));
      const shape = Settings.partial();
      const parsed = shape.safeParse(
        Object.fromEntries(values.map(([key, value]) => [key, value?.text.replace(/^'|'$/g, '')])),
      );
      expect([file, parsed.error?.issues]).toEqual([file, undefined]);
    }
  });
});
