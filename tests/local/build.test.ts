import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleApp } from '../../local/stack/bundle.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'haymaker-build-'));
  mkdirSync(path.join(root, 'src'));
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function entryPoint(source: string): void {
  writeFileSync(path.join(root, 'src', 'index.ts'), source);
}

describe('bundleApp', () => {
  it('bundles everything but @azure/functions-core, and what is imported late into parts that are read late', async () => {
    writeFileSync(path.join(root, 'src', 'heavy.ts'), 'console.log("evaluated"); export const heavy = 1;');
    entryPoint(`
      import { app } from '@azure/functions';
      app.http('late', { handler: async () => ({ jsonBody: (await import('./heavy.ts')).heavy }) });
    `);
    const built = await bundleApp(root);
    const code = readFileSync(path.join(root, 'dist', 'index.js'), 'utf8');
    expect(built.functions).toEqual(['late']);
    expect(code).not.toMatch(/require\("@azure\/functions"\)/);
    expect(code).toMatch(/require\)?\("@azure\/functions-core"\)/);
    expect(code).not.toContain('evaluated');
    const part = /Promise\.resolve\(\)\.then\(\(\) => .*require\("\.\/(part-\w+|heavy-\w+)\.js"\)/.exec(
      code,
    )?.[1];
    expect(readFileSync(path.join(root, 'dist', `${part}.js`), 'utf8')).toContain('evaluated');
    expect(JSON.parse(readFileSync(path.join(root, 'dist', 'functions.json'), 'utf8'))).toEqual(['late']);
    expect(existsSync(path.join(root, '.haymaker', 'bundle-meta.json'))).toBe(true);
  });

  it('fails with a message when an import cannot be resolved', async () => {
    entryPoint(`import { nothing } from './missing.ts'; app.http('a', { handler: nothing });`);
    await expect(bundleApp(root)).rejects.toThrow(/does not bundle[\s\S]*missing\.ts/);
  });

  it('names the roster when it is missing', async () => {
    await expect(bundleApp(root)).rejects.toThrow(/index\.ts cannot be read/);
  });
});
