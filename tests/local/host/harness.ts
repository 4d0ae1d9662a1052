import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../../..');
const HOST_JSON = {
  version: '2.0',
  extensions: { http: { routePrefix: '' }, durableTask: { hubName: 'FixtureHub', defaultVersion: '1.4' } },
};

/** A folder with the fixture app as it would be deployed, and a place for state. Removed by `remove`. */
export interface FixtureApp {
  readonly dir: string;
  readonly journal: string;
  remove(): void;
}

/** Bundles the fixture as our build bundles the app: CommonJS, functions-core left to the host. */
export async function buildFixture(): Promise<FixtureApp> {
  const dir = mkdtempSync(join(tmpdir(), 'host-fixture-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'fixture/app.ts')],
    outfile: join(dir, 'dist/index.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  });
  writeFileSync(join(dir, 'host.json'), JSON.stringify(HOST_JSON));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ main: 'dist/index.js' }));
  return {
    dir,
    journal: join(dir, 'journal.txt'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** An app folder around one hand-written entry point. */
export function handWritten(main: string, source: string): FixtureApp {
  const dir = mkdtempSync(join(tmpdir(), 'host-fixture-'));
  mkdirSync(join(dir, 'dist'));
  writeFileSync(join(dir, 'host.json'), JSON.stringify(HOST_JSON));
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ main }));
  writeFileSync(join(dir, 'dist/index.js'), source);
  return {
    dir,
    journal: join(dir, 'journal.txt'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export interface HostProcess {
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Ends it in order; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the host as a process and waits until it says that it is ready. Rejects with its output when it ends before. */
export async function startFixture(
  app: FixtureApp,
  environment: Record<string, string> = {},
  flags: readonly string[] = ['--no-timers'],
): Promise<HostProcess> {
  const { child, output, errors } = spawnHost(app, environment, ['--port', '0', '--json-log', ...flags]);
  const url = await new Promise<string>((found, failed) => {
    child.stdout?.on('data', () => {
      const ready = /\{"ready":true,"url":"([^"]+)"/.exec(output());
      if (ready?.[1]) found(ready[1]);
    });
    child.once('exit', (code) => failed(new Error(`the host ended with ${code}:\n${output()}${errors()}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    url,
    stdout: output,
    stderr: errors,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

/** Runs the host until it ends by itself. */
export async function runHost(
  app: FixtureApp,
  environment: Record<string, string> = {},
  flags: readonly string[] = ['--port', '0'],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, output, errors } = spawnHost(app, environment, flags);
  const [code] = await once(child, 'exit');
  return { code, stdout: output(), stderr: errors() };
}

function spawnHost(
  app: FixtureApp,
  environment: Record<string, string>,
  flags: readonly string[],
): { child: ChildProcess; output: () => string; errors: () => string } {
  const child = spawn(
    join(ROOT, 'node_modules/.bin/node'),
    ['local/host/main.ts', '--app', app.dir, '--state', join(app.dir, 'state'), ...flags],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        FIXTURE_JOURNAL: app.journal,
        TICK_SCHEDULE: '0 0 0 1 1 *',
        ...environment,
      },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, output: () => stdout, errors: () => stderr };
}

/** Lines that the fixture's functions noted. */
export function journalLines(app: FixtureApp): string[] {
  try {
    return readFileSync(app.journal, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Asks again until `condition` gives something; fails with the last look after `withinMs`. */
export async function until<T>(
  look: () => Promise<T> | T,
  condition: (seen: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (condition(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((again) => setTimeout(again, 25));
  }
}

export interface Status {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly input: unknown;
  readonly historyEvents?: Record<string, unknown>[];
}

/** The durable webhooks of a host, as a person with curl has them. */
export function durable(url: string) {
  const base = `${url}/runtime/webhooks/durabletask`;
  const status = async (id: string, query = ''): Promise<Status> => {
    const response = await fetch(`${base}/instances/${encodeURIComponent(id)}${query}`);
    return (await response.json()) as Status;
  };
  return {
    base,
    status,
    start: async (name: string, id: string, input: unknown = {}): Promise<Response> =>
      fetch(`${base}/orchestrators/${name}/${id}`, { method: 'POST', body: JSON.stringify(input) }),
    post: (path: string, body?: unknown): Promise<Response> =>
      fetch(`${base}/instances/${path}`, {
        method: 'POST',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    ended: (id: string): Promise<Status> =>
      until(
        () => status(id),
        (seen) => ['Completed', 'Failed', 'Terminated'].includes(seen.runtimeStatus),
      ),
  };
}
