import process from 'node:process';
import type { HttpMethod, HttpRequest, InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import type { Module } from '../late.ts';
import type { Role } from './auth.ts';
import { apiAuthLevel } from './authLevel.ts';
import type { ApiHandler } from './endpoint.ts';

/** The only setting that is read at import: see apiAuthLevel. */
const authLevel = apiAuthLevel(process.env);

/** A route that reads: by key or, with API_AUTH=entra, for callers with the role HayMaker.Reader. */
export function get<N extends string>(route: string, name: N, load: Module<N, ApiHandler>) {
  return guarded('GET', 'reader', route, name, load);
}

/** A route that changes something: by key or for callers with the role HayMaker.Operator. */
export function post<N extends string>(route: string, name: N, load: Module<N, ApiHandler>) {
  return guarded('POST', 'operator', route, name, load);
}

function guarded<N extends string>(
  method: HttpMethod,
  role: Role,
  route: string,
  name: N,
  load: Module<N, ApiHandler>,
) {
  return {
    route,
    methods: [method],
    authLevel,
    handler: async (request: HttpRequest, client: DurableClient, context: InvocationContext) => {
      const [{ endpoint }, module] = await Promise.all([import('./endpoint.ts'), load()]);
      return endpoint(role, module[name])(request, client, context);
    },
  };
}
