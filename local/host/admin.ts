import type { ServerResponse } from 'node:http';
import type { RegisteredFunction } from './core-api.ts';
import type { Executions } from './executions.ts';
import { sendJson } from './http-exchange.ts';
import type { FunctionSummary } from './roster.ts';
import type { TimerFunction, Timers } from './timers.ts';

export interface AdminContext {
  readonly functions: readonly FunctionSummary[];
  readonly registered: ReadonlyMap<string, RegisteredFunction>;
  readonly timerFunctions: readonly TimerFunction[];
  readonly timers: Timers;
  readonly url: string;
  readonly executions: Executions;
}

/**
 * The part of the host's admin API that Core Tools serve and people use: GET /admin/host/status, GET /admin/functions, and
 * POST /admin/functions/{name}, which fires a timer now (202). GET /admin/host/executions is our own: how often each function
 * ran, and for how long.
 */
export async function serveAdmin(
  method: string,
  path: string,
  response: ServerResponse,
  context: AdminContext,
): Promise<void> {
  if (method === 'GET' && path === '/admin/host/status') {
    return sendJson(response, 200, {
      id: 'local',
      state: 'Running',
      version: '4.0.0-local',
      processUptime: Math.round(process.uptime() * 1000),
    });
  }
  if (method === 'GET' && path === '/admin/host/executions') {
    return sendJson(response, 200, context.executions.byFunction());
  }
  if (method === 'GET' && path === '/admin/functions') {
    return sendJson(
      response,
      200,
      context.functions.map((each) => describe(each, context)),
    );
  }
  const name = /^\/admin\/functions\/([^/]+)$/.exec(path)?.[1]?.toLowerCase();
  const timer = context.timerFunctions.find(({ fn }) => fn.name.toLowerCase() === name);
  if (method === 'POST' && timer) {
    await context.timers.fire(timer, false);
    return sendJson(response, 202, undefined);
  }
  return sendJson(response, 404, undefined);
}

function describe(
  { name, trigger, detail }: FunctionSummary,
  context: AdminContext,
): Record<string, unknown> {
  return {
    name,
    href: `${context.url}/admin/functions/${name}`,
    language: 'node',
    isDisabled: false,
    ...(trigger === 'httpTrigger'
      ? { invoke_url_template: `${context.url}${detail.replace(/^\S+ /, '')}` }
      : {}),
    config: { bindings: Object.values(context.registered.get(name)?.metadata.bindings ?? {}) },
  };
}
