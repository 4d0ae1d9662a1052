import type { PipelineRequest } from '@azure/core-rest-pipeline';
import type { z } from 'zod';
import { CommandFailure, EXIT } from '../exit.ts';
import { signInWithEntra } from '../http/auth.ts';

/** Sends a request to Azure itself; its answer is JSON. */
export type AzureRequest = <T>(
  method: 'GET' | 'POST',
  url: string,
  answer: z.ZodType<T>,
  body?: unknown,
) => Promise<T>;

/**
 * Requests to Azure for one audience, signed in as whoever Azure knows here. Throttling and passing faults are waited out
 * by the Azure library, which also knows the way through a proxy. Throws CommandFailure.
 */
export function azureRequests(audience: string, tenantId?: string): AzureRequest {
  const signIn = signInWithEntra(`${audience}/.default`, tenantId);
  return async (method, url, answer, body) => {
    const { createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest } =
      await import('@azure/core-rest-pipeline');
    const request: PipelineRequest = createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await signIn()),
      }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const pipeline = createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: 'haymaker' } });
    const response = await pipeline
      .sendRequest(createDefaultHttpClient(), request)
      .catch((error: unknown) => {
        const { hostname } = new URL(url);
        throw new CommandFailure(
          EXIT.unreachable,
          `${hostname} is not reachable. Check the network and the proxy.`,
          {
            cause: error,
          },
        );
      });
    const said = parse(response.bodyAsText ?? '');
    if (response.status < 300) return answer.parse(said);
    throw azureRefusal(response.status, said, url);
  };
}

function azureRefusal(status: number, said: unknown, url: string): CommandFailure {
  const error: unknown = Object(said).error;
  const { code = '', message = '' }: { code?: unknown; message?: unknown } = Object(error);
  const words = `Azure answered ${status}${code ? ` ${String(code)}` : ''}: ${String(message) || new URL(url).pathname}`;
  switch (status) {
    case 401:
    case 403:
      return new CommandFailure(EXIT.refused, `${words} Sign in as somebody who may read it: az login.`);
    case 404:
      return new CommandFailure(EXIT.notFound, words);
    default:
      return new CommandFailure(status >= 500 ? EXIT.unreachable : EXIT.failed, words);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
