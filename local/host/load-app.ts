import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Registry } from './core-api.ts';
import { HostError, member, reasonOf } from './host-error.ts';
import { readJson } from './settings.ts';

const ON_AZURE = 'Azure would only say "0 functions found".';

/**
 * Loads the app's entry point: package.json `main`, with import() or require() as the Node worker decides, then runs the
 * appStart hooks and ends registration. Stricter than the worker: whatever goes wrong is a HostError that names the file.
 */
export async function loadApp(appDir: string, registry: Registry): Promise<void> {
  const main = entryPoint(appDir);
  try {
    if (isModule(main, appDir)) await import(pathToFileURL(main).href);
    else createRequire(main)(main);
  } catch (error) {
    const stack = error instanceof Error ? error.stack : undefined;
    throw new HostError(
      `${main} failed while loading: ${stack ?? reasonOf(error)}\n${ON_AZURE} Correct the error above.`,
      {
        cause: error,
      },
    );
  }
  await runAppHooks(registry, 'appStart', appDir);
  registry.lock();
  const found = [...registry.functions.keys()];
  if (found.length === 0) {
    throw new HostError(
      `${main} loaded and registered no function. ${ON_AZURE} Register with app.* at import time.`,
    );
  }
  compareWithRoster(join(dirname(main), 'functions.json'), found);
}

/** Calls the app's appStart or appTerminate hooks one after another. */
export async function runAppHooks(
  registry: Registry,
  name: 'appStart' | 'appTerminate',
  appDir: string,
): Promise<void> {
  const context = { hookData: {}, functionAppDirectory: appDir };
  try {
    for (const hook of registry.hooks(name)) await hook(context);
  } catch (error) {
    throw new HostError(`The app's ${name} hook failed: ${reasonOf(error)}`, { cause: error });
  }
}

function entryPoint(appDir: string): string {
  const file = join(appDir, 'package.json');
  const main = member(readJson(file), 'main');
  if (typeof main !== 'string' || main === '') {
    throw new HostError(`${file} has no "main". ${ON_AZURE} Name the bundle there, such as "dist/index.js".`);
  }
  if (/[*?{}[\]]/.test(main)) {
    throw new HostError(
      `${file}: "main" is the pattern "${main}". Name one file: a pattern that matches nothing is silent.`,
    );
  }
  const path = resolve(appDir, main);
  if (!existsSync(path))
    throw new HostError(`${path} does not exist. ${ON_AZURE} Build the app: npm run build.`);
  return path;
}

function isModule(main: string, appDir: string): boolean {
  if (main.endsWith('.mjs')) return true;
  return main.endsWith('.js') && member(readJson(join(appDir, 'package.json')), 'type') === 'module';
}

/** The build writes the names it reads in src/index.ts next to the bundle; both must tell the same story. */
function compareWithRoster(file: string, found: readonly string[]): void {
  const roster = readJson(file);
  if (roster === undefined) return;
  if (!Array.isArray(roster))
    throw new HostError(`${file} is not a JSON array of function names. Build again.`);
  const missing = roster.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !roster.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`on the roster but not registered: ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`registered but not on the roster: ${extra.join(', ')}`] : []),
  ];
  throw new HostError(
    `The functions found differ from ${file}: ${parts.join('; ')}. Build again, or correct src/index.ts.`,
  );
}
