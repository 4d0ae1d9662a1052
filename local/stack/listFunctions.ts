import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { provideCoreApi, Registry } from '../host/core-api.ts';
import { reasonOf } from '../host/host-error.ts';
import { loadApp } from '../host/load-app.ts';
import { createLog } from '../host/log.ts';

/**
 * Loads the app in the folder that is the only argument, as the host does, and prints the names it registered (JSON). The
 * parts of the bundle that the app reads later are read, too: one that cannot be would only show at a function's first call.
 */
const folder = process.argv[2] ?? '';
const registry = new Registry();
provideCoreApi(registry, createLog('none'));
try {
  await loadApp(folder, registry);
  const dist = path.resolve(folder, 'dist');
  const require = createRequire(path.join(dist, 'index.js'));
  for (const part of readdirSync(dist)) if (part.endsWith('.js')) require(`./${part}`);
  console.log(JSON.stringify([...registry.functions.keys()].sort()));
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}
