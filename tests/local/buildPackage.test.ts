import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleApp } from '../../local/stack/bundle.ts';
import { discoverFunctions, layOutDeployment } from '../../local/stack/deployment.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';

let root: string;
let target: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'haymaker-app-'));
  target = path.join(root, '.haymaker', 'package');
  for (const folder of ['src', 'scenarios']) mkdirSync(path.join(root, folder));
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'));
  writeFileSync(path.join(root, 'host.json'), '{"version":"2.0"}');
  writeFileSync(
    path.join(root, 'package.json'),
    '{"name":"tiny","version":"1.2.3","main":"dist/index.js","scripts":{"x":"y"},"dependencies":{"zod":"4"}}',
  );
  writeFileSync(path.join(root, 'scenarios', 'compute-01.md'), '# one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function deploy(entryPoint: string) {
  writeFileSync(path.join(root, 'src', 'index.ts'), entryPoint);
  await bundleApp(root);
  return layOutDeployment(root, target);
}

const ROSTER = `
  import { app } from '@azure/functions';
  import * as df from 'durable-functions';
  app.http('health', { handler: async () => ({ status: 200 }) });
  df.app.activity('work', { handler: () => 1 });
  df.app.orchestration('run', function* (context) { return yield context.df.callActivity('work', {}); });`;

describe('the deployment', () => {
  it('holds exactly what is deployed', async () => {
    const { files } = await deploy(ROSTER);
    expect(files).toEqual([
      'dist/functions.json',
      'dist/index.js',
      // What durable-functions seldom needs.
      'dist/late-axios.js',
      'dist/late-lodash-clonedeep.js',
      'dist/late-moment.js',
      'dist/late-opentelemetry-api.js',
      'dist/late-validator.js',
      'host.json',
      'package.json',
      'scenarios/compute-01.md',
    ]);
  });

  it('shows every function to the loader without node_modules and settings', async () => {
    await deploy(ROSTER);
    expect(await discoverFunctions(target)).toEqual(['health', 'run', 'work']);
  });

  it('is refused when the entry point throws before its first registration', async () => {
    await deploy(`
      import { app } from '@azure/functions';
      if (!process.env.KEY_VAULT_URL) throw new Error('KEY_VAULT_URL is missing');
      app.http('health', { handler: async () => ({ status: 200 }) });`);
    await expect(discoverFunctions(target)).rejects.toThrow(/KEY_VAULT_URL is missing/);
  });

  it('is refused when a function of the roster is not registered', async () => {
    await deploy(`
      import { app } from '@azure/functions';
      app.http('health', { handler: async () => ({ status: 200 }) });
      if (process.env.NIGHTLY) app.http('nightly', { handler: async () => ({ status: 200 }) });`);
    await expect(discoverFunctions(target)).rejects.toThrow(/nightly/);
  });
});
