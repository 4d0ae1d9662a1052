import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { serveAdmin } from './admin.ts';
import type { RegisteredFunction } from './core-api.ts';
import { provideCoreApi, Registry } from './core-api.ts';
import { Engine } from './durable/engine.ts';
import { Store } from './durable/store.ts';
import { clientBinding, RPC_PATH, WEBHOOK_PATH } from './durable/urls.ts';
import { handleWebhook } from './durable/webhooks.ts';
import { Executions } from './executions.ts';
import { HostError } from './host-error.ts';
import { readBody, sendJson } from './http-exchange.ts';
import { findFunction, httpFunctions, serveFunction } from './http-functions.ts';
import { listen } from './http-server.ts';
import { listenOnLoopback } from './http-stream.ts';
import { createInvoker } from './invoke.ts';
import { loadApp, runAppHooks } from './load-app.ts';
import type { LogLevel } from './log.ts';
import { createLog } from './log.ts';
import type { FunctionSummary } from './roster.ts';
import { summarize } from './roster.ts';
import { BusListener, busFunctions } from './service-bus.ts';
import { isDisabled, localSettings, readHostSettings } from './settings.ts';
import { Timers, timerFunctions } from './timers.ts';

export interface HostOptions {
  /** The folder with host.json and package.json. */
  readonly appDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where checkpoints live. One host at a time per folder. */
  readonly stateDir: string;
  /** Whether timers fire by themselves; POST /admin/functions/{name} fires them in any case. */
  readonly timers: boolean;
  /** Least level of function logs that is shown. */
  readonly logLevel: LogLevel;
}

export interface RunningHost {
  readonly url: string;
  readonly functions: readonly FunctionSummary[];
  /** Stops accepting, checkpoints what is in hand, and resolves within about three seconds. */
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 2_000;

/**
 * Runs a function app in this process, until `stop`. One host per process: the libraries remember the first they met.
 * Settings of local.settings.json join process.env, where the environment does not set them already. Throws a HostError when
 * the port is taken, or when anything is wrong with the app or its settings.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const appDir = resolve(options.appDir);
  const settings = readHostSettings(appDir);
  Object.assign(process.env, localSettings(appDir, process.env));
  const log = createLog(options.logLevel);
  const listening = await listen(options.port, log);
  try {
    // durable-functions rewrites its URLs to port 7071 unless it is told the host's name before it loads.
    process.env.WEBSITE_HOSTNAME = new URL(listening.url).host;
    const registry = new Registry();
    provideCoreApi(registry, log);
    await loadApp(appDir, registry);
    const enabled = [...registry.functions.values()].filter((fn) => !isDisabled(fn.name, process.env));
    const http = httpFunctions(enabled, settings.routePrefix);
    const timed = timerFunctions(enabled, process.env);
    const buses = busFunctions(enabled, process.env);
    refuseOthers(enabled);
    const functions = summarize(enabled, http, timed, buses);

    const executions = new Executions();
    const invoke = executions.counting(
      createInvoker(registry, log, () => clientBinding(listening.url, settings.hubName)),
    );
    const streamUrl = (await listenOnLoopback(async () => registry.model?.getCapabilities({})))?.HttpUri;
    const activities = byName(enabled, 'activityTrigger');
    const orchestrators = byName(enabled, 'orchestrationTrigger');
    const engine = new Engine({
      store: new Store(options.stateDir),
      log,
      maxConcurrentActivities: settings.maxConcurrentActivities,
      known: { activities: new Set(activities.keys()), orchestrators: new Set(orchestrators.keys()) },
      invoke: (kind, name, data, triggerMetadata) => {
        const fn = (kind === 'activity' ? activities : orchestrators).get(name.toLowerCase());
        if (!fn)
          throw new Error(
            `The function '${name}' doesn't exist, is disabled, or is not an ${kind} function.`,
          );
        return invoke(fn, { data, triggerMetadata });
      },
    });
    const timers = new Timers(options.stateDir, invoke, log);
    const listeners = buses.map((bus) => new BusListener(bus, settings.serviceBus, invoke, log));
    const webhooks = {
      engine,
      hub: settings.hubName,
      defaultVersion: settings.defaultVersion,
      orchestrators: new Set(orchestrators.keys()),
    };
    const admin = {
      functions,
      registered: registry.functions,
      timerFunctions: timed,
      timers,
      url: listening.url,
      executions,
    };

    listening.serve(async (request, response, url) => {
      const method = request.method ?? 'GET';
      const path = url.pathname;
      for (const base of [WEBHOOK_PATH, RPC_PATH]) {
        if (path.startsWith(`${base}/`))
          return serveWebhook(path.slice(base.length), request, response, url, webhooks);
      }
      if (path.startsWith('/admin/')) return serveAdmin(method, path, response, admin);
      const found = findFunction(http, method, path);
      if (!found) return sendJson(response, 404, undefined);
      return serveFunction(found.fn, found.params, request, response, url, { invoke, log, streamUrl });
    });
    engine.resume();
    if (options.timers) for (const timer of timed) timers.start(timer);
    for (const listener of listeners) listener.start();

    return {
      url: listening.url,
      functions,
      stop: async () => {
        timers.stop();
        engine.stop();
        await Promise.all([
          listening.close(STOP_GRACE_MS),
          Promise.race([
            Promise.allSettled(listeners.map((listener) => listener.stop())),
            new Promise((done) => setTimeout(done, STOP_GRACE_MS).unref()),
          ]),
        ]);
        await runAppHooks(registry, 'appTerminate', appDir);
      },
    };
  } catch (error) {
    await listening.close(0);
    throw error;
  }
}

const SERVED = [
  'httptrigger',
  'timertrigger',
  'servicebustrigger',
  'activitytrigger',
  'orchestrationtrigger',
];

/** A function that would never be called is better refused than listed. */
function refuseOthers(functions: readonly RegisteredFunction[]): void {
  const other = functions.find((fn) => !SERVED.includes(fn.trigger.type.toLowerCase()));
  if (!other) return;
  throw new HostError(
    `${other.name}: the local host does not serve ${other.trigger.type}. Disable it with the setting AzureWebJobs.${other.name}.Disabled=true, or use func.`,
  );
}

function byName(functions: readonly RegisteredFunction[], type: string): Map<string, RegisteredFunction> {
  return new Map(
    functions
      .filter((fn) => fn.trigger.type.toLowerCase() === type.toLowerCase())
      .map((fn) => [fn.name.toLowerCase(), fn]),
  );
}

async function serveWebhook(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  context: Parameters<typeof handleWebhook>[1],
): Promise<void> {
  const token = request.headers['x-ms-continuation-token'];
  const reply = await handleWebhook(
    {
      method: request.method ?? 'GET',
      path,
      query: url.searchParams,
      contentType: request.headers['content-type'] ?? '',
      continuationToken: typeof token === 'string' ? token : '',
      body: (await readBody(request)).toString('utf8'),
      origin: url.origin,
    },
    context,
  );
  sendJson(response, reply.status, reply.json, reply.headers);
}
