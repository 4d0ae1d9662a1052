import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import definition from '../../infra/apiApplication.json' with { type: 'json' };
import { INFRA } from './support/bicep.ts';

const ROOT = path.dirname(INFRA);
const APP = '5a1f0c3e-9b7d-4e26-8f05-6c2d1b4a7e90';
const GRAPH = 'b0f3a7d1-1111-4222-8333-444455556666';
const OWNED_BY = '18a4783c-866b-4cc7-a460-3d5e5662c884';

interface Directory {
  calls: string[][];
  says: Record<string, string>;
  servicePrincipals: { id: string; appId: string; [more: string]: unknown }[];
  applications: { id: string; appId: string; uniqueName: string; [more: string]: unknown }[];
  assignments: { principalId: string; resourceId: string; appRoleId: string }[];
}

// Every script starts several processes.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infra-'));
  file = path.join(folder, 'directory.json');
  symlinkSync(path.join(import.meta.dirname, 'support/az.mjs'), path.join(folder, 'az'));
  write({
    calls: [],
    says: {},
    applications: [],
    assignments: [],
    servicePrincipals: [
      {
        id: GRAPH,
        appId: '00000003-0000-0000-c000-000000000000',
        appRoles: [{ id: OWNED_BY, value: 'Application.ReadWrite.OwnedBy' }],
      },
      { id: APP, appId: 'c0d7e2b1-3f48-4a95-b6e3-7d1f8a20c554' },
    ],
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (directory: Directory) => writeFileSync(file, JSON.stringify(directory));
const read = (): Directory => JSON.parse(readFileSync(file, 'utf8'));

/** Runs a script of infra/ as an operator without a terminal would. */
function run(script: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: `${folder}:${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder,
    FAKE_AZ: file,
  };
  return new Promise((resolve) => {
    const child = execFile(path.join(INFRA, script), args, { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The commands that were asked for and change something. */
function changes(): string[] {
  return read()
    .calls.map((args) => args.join(' '))
    .filter((line) => /--method (post|patch|delete)|\b(create|delete|purge)\b/.test(line));
}

describe('grantGraph.sh', () => {
  it('says what it will do, changes nothing before somebody agrees, and can be run twice', async () => {
    const dry = await run('grantGraph.sh', '--principal', APP, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('Application.ReadWrite.OwnedBy') });
    const silent = await run('grantGraph.sh', '--principal', APP);
    expect(silent).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(changes()).toEqual([]);

    expect(await run('grantGraph.sh', '--principal', APP, '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(read().assignments).toEqual([
      expect.objectContaining({ principalId: APP, resourceId: GRAPH, appRoleId: OWNED_BY }),
    ]);
    const again = await run('grantGraph.sh', '--principal', APP, '--yes');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('already') });
    expect(changes()).toHaveLength(1);

    expect(await run('grantGraph.sh', '--principal', APP, '--revoke', '--yes')).toMatchObject({ code: 0 });
    expect(read().assignments).toEqual([]);
  });

  it('wants to know whose, and refuses what it does not know', async () => {
    expect(await run('grantGraph.sh', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--principal'),
    });
    expect((await run('grantGraph.sh', '--all')).code).toBe(2);
  });
});

describe('registerApi.sh', () => {
  it('makes the application with both roles once, whoever has a role gets it once, and removes it', async () => {
    const member = '11111111-2222-4333-8444-555555555555';
    const give = ['--environment', 'dev', '--operator', member, '--yes'];
    const first = await run('registerApi.sh', ...give);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(await run('registerApi.sh', ...give)).toMatchObject({ code: 0 });
    const { applications, servicePrincipals, assignments } = read();
    expect(applications).toHaveLength(1);
    const [application] = applications;
    expect(application).toMatchObject({
      uniqueName: 'haymaker-api-dev',
      displayName: 'HayMaker API (dev)',
      identifierUris: [`api://${application?.appId}`],
      api: { requestedAccessTokenVersion: 2, preAuthorizedApplications: [expect.anything()] },
    });
    expect(first.stdout).toContain(`HAYMAKER_API_AUDIENCE ${application?.appId}`);
    expect(servicePrincipals.at(-1)).toMatchObject({ appRoleAssignmentRequired: true });
    const operator = definition.appRoles.find(({ value }) => value === 'HayMaker.Operator')?.id;
    expect(assignments).toEqual([expect.objectContaining({ principalId: member, appRoleId: operator })]);

    expect(await run('registerApi.sh', '--environment', 'dev', '--remove', '--yes')).toMatchObject({
      code: 0,
    });
    expect(read().applications).toEqual([]);
  });

  it('names the roles that the API asks for', () => {
    const auth = readFileSync(path.join(ROOT, 'src/api/auth.ts'), 'utf8');
    expect(definition.appRoles.map(({ value }) => value)).toEqual([
      ...new Set(auth.match(/HayMaker\.(?:Reader|Operator)/g)),
    ]);
  });
});

describe('remove.sh', () => {
  const says = {
    'identity show': APP,
    'role assignment list': '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/one',
    'role definition list': 'role-guid\t/subscriptions/s',
    'consumption budget list': 'budget-haymaker-agents-dev',
    'keyvault list': 'kv-hm-x',
    'group exists': 'true',
  };

  it('does not begin while agents have left something', async () => {
    write({ ...read(), says: { ...says, 'group list': 'hm-0123abcd-compute-01' } });
    const refused = await run('remove.sh', 'dev', '--yes');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('hm-0123abcd-compute-01') });
    expect(changes()).toEqual([]);
  });

  it('says what it will remove, and removes it in an order that works', async () => {
    write({ ...read(), says });
    const dry = await run('remove.sh', 'dev', '--dry-run');
    expect(dry.stdout).toContain('the custom role role-guid at /subscriptions/s');
    expect(changes()).toEqual([]);
    expect(await run('remove.sh', 'dev', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(changes().map((line) => line.split(' --')[0])).toEqual([
      'role assignment delete',
      'role definition delete',
      'consumption budget delete',
      'group delete',
      'keyvault purge',
    ]);
  });

  it('leaves group and vault to azd', async () => {
    write({ ...read(), says });
    expect(await run('remove.sh', 'dev', '--keep-group', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(changes().join('\n')).not.toMatch(/group delete|keyvault purge/);
  });
});

describe('deploy.sh', () => {
  it('shows what it would do', async () => {
    write({ ...read(), says: { 'account show': 'Playground' } });
    const dry = await run('deploy.sh', 'dev', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('Playground') });
    expect(changes()).toEqual([]);
    expect((await run('deploy.sh', 'nowhere')).code).toBe(2);
  });
});

describe('the scripts', () => {
  const scripts = readdirSync(INFRA).filter((name) => name.endsWith('.sh'));

  it('are bash without faults', () => {
    for (const script of scripts) {
      expect([script, spawnSync('bash', ['-n', path.join(INFRA, script)]).status]).toEqual([script, 0]);
    }
    if (spawnSync('shellcheck', ['--version']).error) return;
    const { status, stdout } = spawnSync(
      'shellcheck',
      ['-x', '-P', ROOT, ...scripts.map((script) => path.join(INFRA, script))],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, '']);
  });

  it('that azd runs are there, and the folder that it deploys is what npm run package lays out', () => {
    const azd = parse(readFileSync(path.join(ROOT, 'azure.yaml'), 'utf8'));
    for (const { run: command } of Object.values<{ run: string }>(azd.hooks)) {
      const [, script] = /^infra\/(\w+\.sh)/.exec(command) ?? [];
      if (script) expect(scripts).toContain(script);
      else expect(command).toBe('npm run package');
    }
    expect(azd.services.app).toMatchObject({ project: '.haymaker/package', host: 'function' });
    const main = readFileSync(path.join(INFRA, 'modules/app.bicep'), 'utf8');
    expect(main).toContain(`'azd-service-name': '${Object.keys(azd.services)[0]}'`);
  });
});

describe('the newcomer’s path (infra/README.md)', () => {
  const readme = readFileSync(path.join(INFRA, 'README.md'), 'utf8');
  const blocks = (kind: string) =>
    [...readme.matchAll(/^```sh (\w+)\n([\s\S]*?)^```/gm)]
      .filter(([, found]) => found === kind)
      .flatMap(([, , text = '']) => text.trim().split('\n'));
  const everything = ['test', 'run', 'azure'].flatMap(blocks);

  it('is made of commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(everything.length).toBeGreaterThan(10);
    for (const command of everything) {
      const [, script] = /^npm (?:run )?([\w:]+)/.exec(command) ?? [];
      if (script) expect(scripts).toHaveProperty([script]);
      else if (command.startsWith('infra/')) {
        const [file = '', ...words] = command.slice('infra/'.length).split(' ');
        const source = readFileSync(path.join(INFRA, file), 'utf8');
        for (const flag of words.filter((word) => word.startsWith('--'))) expect(source).toContain(flag);
      } else expect(command).toMatch(/^(azd|az|haymaker) /);
    }
  });

  it.each(blocks('run'))('runs without Azure: %s', async (command) => {
    const [file = '', ...args] = command.slice('infra/'.length).split(' ');
    expect(await run(file, ...args)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Nothing was changed (--dry-run).'),
    });
    expect(changes()).toEqual([]);
  });

  it('and what takes long runs in the workflow of every push', () => {
    const workflow = readFileSync(path.join(ROOT, '.github/workflows/test.yml'), 'utf8');
    for (const command of blocks('test')) expect(workflow).toContain(`run: ${command}\n`);
  });
});

describe('the workflows', () => {
  it('read outputs that the deployment has', () => {
    const main = readFileSync(path.join(INFRA, 'main.bicep'), 'utf8');
    const deploy = readFileSync(path.join(ROOT, '.github/workflows/deploy.yml'), 'utf8');
    const read = [...deploy.matchAll(/\.([A-Z_]+)\.value/g)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(2);
    for (const name of read) expect(main).toContain(`output ${name} string`);
  });
});
