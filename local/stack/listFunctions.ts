import process from 'node:process';
import { provideCoreApi, Registry } from '../host/core-api.ts';
import { reasonOf } from '../host/host-error.ts';
import { loadApp } from '../host/load-app.ts';
import { createLog } from '../host/log.ts';

/** Loads the app in the folder that is the only argument, as the host does, and prints the names it registered (JSON). */
const registry = new Registry();
provideCoreApi(registry, createLog('none'));
try {
  await loadApp(process.argv[2] ?? '', registry);
  console.log(JSON.stringify([...registry.functions.keys()].sort()));
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}
