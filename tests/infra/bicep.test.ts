import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  all,
  type BicepFile,
  bicepFiles,
  bodyOf,
  declarations,
  hasDefault,
  INFRA,
  memberPaths,
  members,
  parseBicep,
  references,
  syntaxErrors,
} from './support/bicep.ts';

/** Functions of Bicep that infra/ uses. `az` is the namespace of those whose name a symbol has taken. */
const FUNCTIONS = new Set(
  (
    'az concat empty guid items loadJsonContent loadTextContent map resourceGroup subscription subscriptionResourceId ' +
    'tenant toLower union uniqueString utcNow description minLength maxLength minValue maxValue allowed'
  ).split(' '),
);

/** The one type whose newest stable version (2016-09-01) cannot do what everybody uses the preview for. */
const PREVIEWS = ['Microsoft.Insights/diagnosticSettings@2021-05-01-preview'];

let files: BicepFile[];
const byPath = (file: string) => files.find((one) => one.path === file);
beforeAll(async () => {
  files = await bicepFiles();
});

/** What another file may say about `file`: its parameters and outputs. */
function interfaceOf(file: string) {
  const declared = declarations(byPath(file)?.root ?? raise(file));
  const parameters = declared.filter(({ kind }) => kind === 'parameter');
  return {
    parameters: parameters.map(({ name }) => name),
    required: parameters.filter((one) => !hasDefault(one)).map(({ name }) => name),
    outputs: declared.filter(({ kind }) => kind === 'output').map(({ name }) => name),
  };
}

function raise(what: string): never {
  throw new Error(`there is no ${what}`);
}

describe('the Bicep files (the compiler itself runs in the workflows)', () => {
  it('are in the language', () => {
    expect(files.length).toBeGreaterThan(10);
    for (const { path: name, root } of files) expect([name, syntaxErrors(root)]).toEqual([name, []]);
  });

  it('use only what they declare, and all that they declare', () => {
    for (const { path: name, root, text } of files) {
      const declared = declarations(root);
      const symbols = new Set(declared.filter(({ kind }) => kind !== 'output').map((one) => one.name));
      const used = references(root);
      const unknown = used.filter((one) => !symbols.has(one.name) && !FUNCTIONS.has(one.name));
      expect([name, unknown]).toEqual([name, []]);
      const unused = declared.filter(
        ({ kind, name: symbol }) =>
          (kind === 'parameter' || kind === 'variable') && !used.some((one) => one.name === symbol),
      );
      expect([name, unused.map((one) => one.name)]).toEqual([name, []]);
      for (const [, loaded = ''] of text.matchAll(/load(?:Json|Text)Content\('([^']+)'/g)) {
        expect([name, loaded, existsSync(path.join(INFRA, path.dirname(name), loaded))]).toEqual([
          name,
          loaded,
          true,
        ]);
      }
    }
  });

  it('give every module what it asks for, and nothing else', () => {
    for (const { path: name, root } of files) {
      for (const module of declarations(root).filter(({ kind }) => kind === 'module')) {
        const file = path.join(path.dirname(name), module.of);
        const { parameters, required } = interfaceOf(file);
        const given = [...members(members(bodyOf(module)).get('params')).keys()];
        expect([file, given.filter((one) => !parameters.includes(one))]).toEqual([file, []]);
        expect([file, required.filter((one) => !given.includes(one))]).toEqual([file, []]);
      }
    }
  });

  it('read only outputs that the module has, and every output is read', () => {
    const read = new Set<string>();
    for (const { path: name, root } of files) {
      const modules = declarations(root).filter(({ kind }) => kind === 'module');
      for (const [symbol = '', outputs, output = ''] of memberPaths(root)) {
        const module = modules.find((one) => one.name === symbol);
        if (!module || outputs !== 'outputs' || output === '') continue;
        const file = path.join(path.dirname(name), module.of);
        expect([file, interfaceOf(file).outputs]).toEqual([file, expect.arrayContaining([output])]);
        read.add(`${file} ${output}`);
      }
    }
    for (const { path: file } of files.filter((one) => one.path.startsWith('modules/'))) {
      const forgotten = interfaceOf(file).outputs.filter((output) => !read.has(`${file} ${output}`));
      expect([file, forgotten]).toEqual([file, []]);
    }
  });

  it('name stable versions of types, the same everywhere, with a name each', () => {
    const versions = new Map<string, string>();
    for (const { path: name, root } of files) {
      for (const resource of declarations(root).filter(({ kind }) => kind === 'resource')) {
        const [, type = '', version = ''] = /^(Microsoft\.[\w./]+)@(.+)$/.exec(resource.of) ?? [];
        expect([name, resource.of, type]).not.toContain('');
        if (!PREVIEWS.includes(resource.of)) expect(version).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect([type, versions.get(type) ?? version]).toEqual([type, version]);
        versions.set(type, version);
        expect([name, resource.name, members(bodyOf(resource)).has('name')]).toEqual([
          name,
          resource.name,
          true,
        ]);
      }
    }
  });

  it('reach for nothing outside of the repository, and put no secret into an output', () => {
    for (const { root, text } of files) {
      expect(text).not.toMatch(/'(br|ts)[:/]/);
      for (const { node } of declarations(root).filter(({ kind }) => kind === 'output')) {
        expect(node.text).not.toMatch(/list(Keys|Secrets)|\.keys\[|sharedKey/i);
      }
    }
  });

  it('have a finder of faults that finds them', async () => {
    const broken = await parseBicep("resource x 'A.B/c@2020-01-01' = {\n  name: nowhere\n");
    expect(syntaxErrors(broken)).not.toEqual([]);
    const whole = await parseBicep('param a string\nvar b = map([a], one => one.id)\nvar c = nowhere\n');
    expect(references(whole).map(({ name }) => name)).toEqual(['map', 'a', 'nowhere']);
    expect(all(whole, ({ type }) => type === 'lambda_expression')).toHaveLength(1);
  });
});

describe('the parameters of the environments', () => {
  const parameterFiles = readdirSync(INFRA).filter((file) => file.endsWith('.bicepparam'));

  it('are those of main.bicep', async () => {
    const { parameters, required } = interfaceOf('main.bicep');
    expect(parameterFiles.sort()).toEqual(
      ['dev', 'prod', 'staging'].map((environment) => `main.${environment}.bicepparam`),
    );
    for (const file of parameterFiles) {
      const text = readFileSync(path.join(INFRA, file), 'utf8');
      expect(text).toMatch(/^using 'main\.bicep'\n/);
      // The grammar does not know `param x = 1`; as a variable it is the same expression.
      const body = await parseBicep(text.replace(/^using .*$/m, '').replace(/^param /gm, 'var '));
      expect([file, syntaxErrors(body)]).toEqual([file, []]);
      const given = declarations(body).map(({ name }) => name);
      expect(parameters).toEqual(expect.arrayContaining(given));
      expect(given).toEqual(expect.arrayContaining(required));
    }
  });

  it('of azd, too', () => {
    const { parameters, required } = interfaceOf('main.bicep');
    const given = Object.keys(
      JSON.parse(readFileSync(path.join(INFRA, 'main.parameters.json'), 'utf8')).parameters,
    );
    expect(parameters).toEqual(expect.arrayContaining(given));
    expect(given).toEqual(expect.arrayContaining(required));
  });
});
