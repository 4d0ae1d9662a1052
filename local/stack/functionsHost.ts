import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Child } from './child.ts';
import type { Fleet } from './fleet.ts';
import { REPOSITORY } from './paths.ts';

const POLL_MS = 100;
const REQUEST_MS = 5_000;

const Functions = z.array(z.object({ name: z.string() }));

export interface HostOptions {
  readonly logs: string;
  /** Where the durable orchestrations are checkpointed. */
  readonly state: string;
  readonly port: number;
  /** The folder with host.json and dist; this repository when left out. */
  readonly app?: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface FunctionsHost {
  readonly child: Child;
  /** Names of the functions that it serves. */
  readonly functions: readonly string[];
}

/** Starts local/host on the built app; resolves when it serves. */
export async function startFunctionsHost(fleet: Fleet, options: HostOptions): Promise<FunctionsHost> {
  const { child, value } = await fleet.start(
    {
      name: 'host',
      args: [
        path.join(REPOSITORY, 'local', 'host', 'main.ts'),
        ...['--app', options.app ?? REPOSITORY],
        ...['--port', String(options.port)],
        ...['--state', options.state],
        '--json-log',
        // What host.json has the app in Azure log, too.
        ...['--log-level', 'information'],
      ],
      env: { ...options.settings },
      logs: options.logs,
      advice: 'It runs the function app. If the log names a function or a setting, that is where to look.',
    },
    (_, signal) => servedFunctions(`http://127.0.0.1:${options.port}`, signal),
  );
  return { child, functions: value };
}

/** Asks GET /admin/functions, as any Functions host answers it, until it does. Rejects only when `signal` aborts. */
export async function servedFunctions(url: string, signal: AbortSignal): Promise<string[]> {
  for (;;) {
    const response = await fetch(`${url}/admin/functions`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
    }).catch(() => undefined);
    if (response?.ok) return Functions.parse(await response.json()).map(({ name }) => name);
    await sleep(POLL_MS, undefined, { signal });
  }
}
