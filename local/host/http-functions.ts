import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegisteredFunction } from './core-api.ts';
import { HostError, reasonOf } from './host-error.ts';
import { readBody, sendJson, toRpcRequest, writeRpcResponse } from './http-exchange.ts';
import { forward, streamMetadata } from './http-stream.ts';
import type { Invoke } from './invoke.ts';
import type { Log } from './log.ts';
import type { Route } from './routes.ts';
import { compareRoutes, matchRoute, parseRoute } from './routes.ts';

/** An HTTP function with its full route. */
export interface HttpFunction {
  readonly fn: RegisteredFunction;
  readonly route: Route;
  /** Upper case; empty means all. */
  readonly methods: readonly string[];
}

/** The HTTP functions, best route first. Throws a HostError for two functions on one route and method. */
export function httpFunctions(functions: Iterable<RegisteredFunction>, routePrefix: string): HttpFunction[] {
  const found = [...functions]
    .filter((fn) => fn.trigger.type.toLowerCase() === 'httptrigger')
    .map((fn): HttpFunction => {
      const { route, methods } = fn.trigger;
      const path = typeof route === 'string' ? route : fn.name;
      return {
        fn,
        route: parseRoute([routePrefix, path].filter((part) => part !== '').join('/')),
        methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [],
      };
    })
    .sort((a, b) => compareRoutes(a.route, b.route));
  for (const [index, a] of found.entries()) {
    for (const b of found.slice(index + 1)) {
      if (
        a.route.template.toLowerCase() === b.route.template.toLowerCase() &&
        a.methods.some((m) => b.methods.includes(m))
      ) {
        throw new HostError(
          `${a.fn.name} and ${b.fn.name} both answer ${a.methods.join(',')} /${a.route.template}. Change one.`,
        );
      }
    }
  }
  return found;
}

/** The function that answers a request, with its route parameters. */
export function findFunction(
  functions: readonly HttpFunction[],
  method: string,
  path: string,
): { fn: RegisteredFunction; params: Record<string, string> } | undefined {
  for (const { fn, route, methods } of functions) {
    if (methods.length > 0 && !methods.includes(method)) continue;
    const params = matchRoute(route, path);
    if (params) return { fn, params };
  }
  return undefined;
}

export interface HttpFunctionContext {
  readonly invoke: Invoke;
  readonly log: Log;
  /** Where the library serves when the app asked for streams; undefined otherwise. */
  readonly streamUrl: string | undefined;
}

/** Runs an HTTP function for a request. What it throws is logged and answered with an empty 500. */
export async function serveFunction(
  fn: RegisteredFunction,
  params: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { invoke, log, streamUrl }: HttpFunctionContext,
): Promise<void> {
  const failed = (error: unknown): void => {
    log.host('error', `${fn.name}: ${reasonOf(error)}`);
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, undefined);
  };
  if (streamUrl !== undefined) {
    const invocationId = randomUUID();
    const forwarded = forward(request, response, streamUrl, invocationId);
    const triggerMetadata = streamMetadata(request, params);
    const invoked = invoke(fn, { data: { http: {} }, triggerMetadata, invocationId });
    invoked.catch(failed);
    // A caller who went away ends the stream; that is no failure of the function.
    forwarded.catch((error: unknown) => {
      if (!request.destroyed && !response.destroyed) failed(error);
    });
    await Promise.allSettled([forwarded, invoked]);
    return;
  }
  try {
    const body = await readBody(request);
    writeRpcResponse(
      response,
      await invoke(fn, { data: { http: toRpcRequest(request, url, body, params) } }),
    );
  } catch (error) {
    failed(error);
  }
}
