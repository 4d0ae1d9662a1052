import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { type EventLog, eventLog } from '../log/eventLog.ts';
import { getServices, type Services } from '../services.ts';
import { authorize, type Role } from './auth.ts';
import { withErrors } from './errors.ts';

/** What a handler has at hand for one request. */
export interface ApiCall {
  readonly services: Services;
  readonly client: DurableClient;
  /** Who asks, as a text that tells callers apart and names nobody. */
  readonly caller: string;
  readonly log: EventLog;
}

export type ApiHandler = (request: HttpRequest, call: ApiCall) => Promise<HttpResponseInit>;

/** A route for callers with a role: first who asks, then the handler; every failure is an answer. */
export function endpoint(role: Role, handler: ApiHandler) {
  return withErrors(
    async (
      request: HttpRequest,
      client: DurableClient,
      context: InvocationContext,
    ): Promise<HttpResponseInit> => {
      const services = getServices();
      const caller = await authorize(request, role, services);
      return handler(request, { services, client, caller, log: eventLog(context) });
    },
  );
}
