import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveConnection } from '../../cli/settings/profile.ts';
import { haymaker, newHome } from './support/haymaker.ts';

const FILE = `# mine
default_profile: work
profiles:
  work:
    endpoint: https://work.example/
    auth: { type: api_key, api_key: work-key, tenant_id: null }
    color: blue
  sso:
    endpoint: https://sso.example/api/v1
    auth: { type: azure_ad, tenant_id: t-1, audience: api://haymaker }
  bare: { endpoint: 'http://127.0.0.1:7071' }
  legacy: { endpoint: 'https://old.example', auth: { key: old-key } }
orchestrator:
  subscription_id: s-1
  container_app_name: ca-1
`;
const file = parseDocument(FILE);
const connect = (env: Record<string, string> = {}, wanted: { profile?: string; endpoint?: string } = {}) =>
  resolveConnection(wanted, env, file);

describe('which app, and how to sign in', () => {
  it.each([
    ['the default profile', {}, {}, 'https://work.example', { type: 'api_key', key: 'work-key' }],
    ['HAYMAKER_PROFILE', { HAYMAKER_PROFILE: 'bare' }, {}, 'http://127.0.0.1:7071', { type: 'none' }],
    [
      '--profile over it',
      { HAYMAKER_PROFILE: 'bare' },
      { profile: 'legacy' },
      'https://old.example',
      { type: 'api_key', key: 'old-key' },
    ],
    [
      'Entra',
      {},
      { profile: 'sso' },
      'https://sso.example',
      { type: 'azure_ad', audience: 'api://haymaker', tenantId: 't-1' },
    ],
    [
      'the key of the environment over the file',
      { HAYMAKER_API_KEY: 'k' },
      {},
      'https://work.example',
      { type: 'api_key', key: 'k' },
    ],
    [
      'the tenant of the environment over the file',
      { HAYMAKER_TENANT_ID: 't-2' },
      { profile: 'sso' },
      'https://sso.example',
      { type: 'azure_ad', audience: 'api://haymaker', tenantId: 't-2' },
    ],
    [
      'the endpoint of the environment',
      { HAYMAKER_ENDPOINT: 'https://env.example/', HAYMAKER_API_KEY: ' k\n' },
      {},
      'https://env.example',
      { type: 'api_key', key: 'k' },
    ],
    [
      'Entra by the environment',
      { HAYMAKER_ENDPOINT: 'https://env.example', HAYMAKER_AUDIENCE: 'api://x/.default' },
      {},
      'https://env.example',
      { type: 'azure_ad', audience: 'api://x' },
    ],
    [
      'this machine, without a key',
      { HAYMAKER_ENDPOINT: 'http://[::1]:7071' },
      {},
      'http://[::1]:7071',
      { type: 'none' },
    ],
  ])('%s', (_what, env, wanted, endpoint, credentials) => {
    expect(connect(env, wanted)).toMatchObject({ endpoint, credentials });
  });

  it.each([
    [
      'a profile that is not there',
      {},
      { profile: 'wrok' },
      'There is no profile wrok (--profile). There are: work, sso, bare, legacy.',
    ],
    ['a key in the clear', { HAYMAKER_ENDPOINT: 'http://env.example' }, {}, 'must begin with https://'],
    [
      'a key inside of the address',
      { HAYMAKER_ENDPOINT: 'https://env.example/?code=s3cret' },
      {},
      'without user, query or #',
    ],
    ['no address', { HAYMAKER_ENDPOINT: 'env.example' }, {}, 'HAYMAKER_ENDPOINT is not a URL'],
    [
      'no key, and never that of another endpoint',
      { HAYMAKER_ENDPOINT: 'https://env.example' },
      {},
      'there is no key for https://env.example',
    ],
    [
      'a tenant without an audience',
      { HAYMAKER_ENDPOINT: 'https://env.example', HAYMAKER_TENANT_ID: 't' },
      {},
      'needs the audience',
    ],
  ])('refuses %s', (_what, env, wanted, message) => {
    expect(() => connect(env, wanted)).toThrow(message);
  });
});

describe('haymaker config', () => {
  let home: string;
  let at: string;
  beforeEach(() => {
    home = newHome();
    at = path.join(home, '.haymaker', 'config.yaml');
  });
  const config = (words: string[], stdin = '') => haymaker(['config', ...words], { home, stdin });

  it('begins with nothing: key first, then endpoint', async () => {
    expect(await haymaker(['status'], { home })).toMatchObject({
      code: 2,
      err: expect.stringContaining('No endpoint is set'),
    });
    expect(await config(['set', 'api-key'], 's3cret\n')).toMatchObject({ code: 0, out: '' });
    expect(await haymaker(['status'], { home })).toMatchObject({
      code: 2,
      err: expect.stringContaining('has no endpoint'),
    });
    expect((await config(['set', 'endpoint', 'https://my.example/'])).code).toBe(0);
    expect(parseDocument(readFileSync(at, 'utf8')).toJS()).toEqual({
      profiles: { default: { endpoint: 'https://my.example', auth: { api_key: 's3cret', type: 'api_key' } } },
    });
    expect((await config(['get', 'endpoint'])).out).toBe('https://my.example\n');
  });

  it('is readable by its owner only, whatever it was before', async () => {
    mkdirSync(path.dirname(at));
    writeFileSync(at, FILE);
    chmodSync(at, 0o644);
    await config(['set', 'tenant-id', 't']);
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
  });

  it('keeps comments, the orchestrator section and keys that it does not know', async () => {
    mkdirSync(path.dirname(at));
    writeFileSync(at, FILE);
    await config(['set', 'endpoint', 'https://new.example', '--profile', 'work']);
    const text = readFileSync(at, 'utf8');
    expect(text).toContain('# mine');
    expect(parseDocument(text).toJS()).toEqual({
      ...file.toJS(),
      profiles: {
        ...file.toJS().profiles,
        work: { ...file.toJS().profiles.work, endpoint: 'https://new.example' },
      },
    });
  });

  it('keeps a symbolic link one', async () => {
    mkdirSync(path.dirname(at));
    const target = path.join(home, 'dotfiles.yaml');
    writeFileSync(target, FILE);
    symlinkSync(target, at);
    await config(['set', 'default-profile', 'sso']);
    expect(lstatSync(at).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('default_profile: sso');
  });

  it('never shows a secret', async () => {
    const kept = await config(['set', 'api-key', 's3cret']);
    const outcomes = [
      kept,
      await config(['set', 'admin-key'], 's3cret'),
      await config(['get', 'api-key']),
      await config(['get', 'api-key', '--json']),
      await config(['list']),
      await config(['list', '--format', 'yaml']),
    ];
    for (const { code, out, err } of outcomes) {
      expect(code).toBe(0);
      expect(out + err).not.toContain('s3cret');
    }
    expect(outcomes[2]?.out).toBe('(set)\n');
  });

  it('takes the settings of orch', async () => {
    expect((await config(['set', 'orchestrator.resource-group', 'rg'])).code).toBe(0);
    expect(parseDocument(readFileSync(at, 'utf8')).toJS()).toEqual({
      orchestrator: { resource_group: 'rg' },
    });
  });

  it.each([
    [['set', 'colour', 'blue'], 'There is no setting colour. There are: endpoint, api-key'],
    [['set', 'endpoint', 'ftp://x'], 'must begin with https://'],
    [['set', 'endpoint'], 'endpoint needs a value'],
    [['set', 'api-key', ''], 'api-key needs a value'],
    [['set', 'auth-type', 'magic'], 'auth-type is api_key or azure_ad, not magic'],
  ])('refuses %j', async (words, message) => {
    expect(await config(words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  it('says which line of the file is wrong, without showing it', async () => {
    mkdirSync(path.dirname(at));
    writeFileSync(at, 'profiles:\n  default: {\n    api_key: s3cret\n  ]\n');
    const { code, err } = await haymaker(['status'], { home });
    expect(code).toBe(2);
    expect(err).toMatch(/config\.yaml line \d+ is not YAML/);
    expect(err).not.toContain('s3cret');
  });

  it('says what is not set', async () => {
    expect(await config(['get', 'tenant-id'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('tenant-id is not set'),
    });
  });
});
