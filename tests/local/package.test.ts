import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleApp } from '../../local/stack/bundle.ts';
import { loadedAtStart } from '../../local/stack/loadGraph.ts';
import { makePackage, type Package } from '../../local/stack/makePackage.ts';
import { faultsOf, MAX_ZIP_BYTES } from '../../local/stack/packageRules.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';
import { unzip, type ZipEntry, zipOf } from '../../local/stack/zip.ts';

const KEY = 'n0tARealKeyButLongEnough/'.repeat(4).slice(0, 86);

let root: string;
let made: Package;
let functions: readonly string[];

/** The app's own sources in a folder of their own: the repository's dist/ may be in use. */
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'haymaker-package-'));
  for (const name of [
    'src',
    'web',
    'scenarios',
    'node_modules',
    'host.json',
    'package.json',
    'tsconfig.json',
  ])
    symlinkSync(path.join(REPOSITORY, name), path.join(root, name));
  writeFileSync(
    path.join(root, 'local.settings.json'),
    JSON.stringify({
      Values: { KEY_VAULT_URL: 'https://kv-of-somebody.vault.azure.net', LOCATION: 'eastus' },
    }),
  );
  ({ functions } = await bundleApp(root));
  made = await makePackage(root);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0;
}

describe('the package of the app', () => {
  it('holds what is deployed, and the whole roster is found in it', () => {
    expect(made.files).toEqual(expect.arrayContaining(['dist/index.js', 'host.json', 'package.json']));
    expect(made.files.filter((file) => file.startsWith('scenarios/')).length).toBeGreaterThanOrEqual(50);
    expect(made.functions).toEqual(functions);
    expect(made.zipBytes).toBeLessThan(MAX_ZIP_BYTES);
  });

  it.runIf(hasPython())('is a zip that others can read', () => {
    const script =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip()); print(len(z.namelist()))';
    const [bad, count] = execFileSync('python3', ['-c', script, made.zipPath], { encoding: 'utf8' }).split(
      '\n',
    );
    expect(bad).toBe('None');
    expect(Number(count)).toBe(made.files.length);
  });

  it('is the same, byte for byte, when it is made again', async () => {
    expect((await makePackage(root)).sha256).toBe(made.sha256);
  });

  it('evaluates no client of Azure and no telemetry when it is loaded', () => {
    const { packages } = loadedAtStart(root);
    expect(packages).toContain('durable-functions');
    const late = packages.filter((name) =>
      /^@azure\/(?!functions)|^@azure-rest|^@microsoft|^@opentelemetry\/sdk|applicationinsights|^jose$|^yaml$/.test(
        name,
      ),
    );
    expect(late).toEqual([]);
  });

  it('is refused when a value of local.settings.json is in it', async () => {
    const entries = unzip(readFileSync(made.zipPath));
    const leaky = entries.map((entry) =>
      entry.path === 'host.json'
        ? { ...entry, data: Buffer.from('{"x":"https://kv-of-somebody.vault.azure.net"}') }
        : entry,
    );
    expect(faultsOf(leaky, 1, { root, localSettings: ['https://kv-of-somebody.vault.azure.net'] })).toEqual([
      'host.json holds a value of local.settings.json.',
    ]);
  });
});

describe('the rules of a package', () => {
  const good: ZipEntry[] = [
    { path: 'host.json', data: Buffer.from('{}') },
    { path: 'package.json', data: Buffer.from('{}') },
    { path: 'dist/index.js', data: Buffer.from('1') },
    { path: 'dist/functions.json', data: Buffer.from('[]') },
    { path: 'scenarios/compute-01-linux-vm.md', data: Buffer.from('#') },
  ];
  const origin = { root: '/home/me/haymaker', localSettings: [] };
  const judge = (entry: ZipEntry) =>
    faultsOf([...good.filter(({ path: name }) => name !== entry.path), entry], 1, origin).join(' ');

  it.each([
    ['src/index.ts', 'x', /not on the list/],
    ['dist/index.js.map', '{}', /not on the list/],
    ['local.settings.json', '{}', /not on the list/],
    ['.env', 'x', /not on the list/],
    ['scenarios/../../etc/passwd.md', 'x', /not on the list/],
    ['node_modules/zod/index.js', 'x', /not on the list/],
    ['dist/index.js', 'code\n//# sourceMappingURL=data:application/json;base64,e30=', /source map/],
    ['dist/index.js', 'require("/home/me/haymaker/src/index.ts")', /folder of the machine/],
    ['host.json', `{"x":"AccountName=a;AccountKey=${KEY}=="}`, /key of a storage account/],
    ['host.json', `{"x":"SharedAccessKey=${KEY}"}`, /key of a Service Bus/],
    ['dist/index.js', `-----BEGIN PRIVATE KEY-----\n${KEY}`, /private key/],
  ])('refuse %s', (name, text, why) => {
    expect(judge({ path: name, data: Buffer.from(text) })).toMatch(why);
  });

  it('accept a good one, and say what is missing or too large', () => {
    expect(faultsOf(good, 1, origin)).toEqual([]);
    expect(faultsOf(good.slice(1), MAX_ZIP_BYTES + 1, origin)).toEqual([
      'host.json is missing.',
      expect.stringMatching(/^The zip has \d+ bytes, more than/),
    ]);
    expect(faultsOf(good.slice(0, 4), 1, origin)).toEqual(['There is no scenario in it.']);
  });
});

describe('a zip', () => {
  it('gives back what was put in, and notices damage', () => {
    const entries = [
      { path: 'a/ü.txt', data: Buffer.from('x'.repeat(10_000)) },
      { path: 'empty', data: Buffer.alloc(0) },
    ];
    const archive = zipOf(entries);
    expect(unzip(archive)).toEqual(entries);
    const name = archive.indexOf('empty');
    archive.writeUInt32LE(1, archive.lastIndexOf('empty') - 30);
    expect(name).toBeGreaterThan(0);
    expect(() => unzip(archive)).toThrow(/empty is damaged/);
    expect(() => unzip(Buffer.from('no'))).toThrow(/not a zip of ours/);
  });
});
