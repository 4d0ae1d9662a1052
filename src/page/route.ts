import type { HttpHandler, HttpRequest, InvocationContext } from '@azure/functions';
import type { Module } from '../late.ts';

/** A route of the page, which holds no data: for everybody. */
export function open<N extends string>(route: string, name: N, load: Module<N, HttpHandler>) {
  return {
    route,
    methods: ['GET' as const],
    authLevel: 'anonymous' as const,
    handler: async (request: HttpRequest, context: InvocationContext) =>
      (await load())[name](request, context),
  };
}
