import { readFileSync } from 'node:fs';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import type { AgentSettings } from './agentSettings.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly json: unknown;
}

export type SendHttp = (
  method: HttpMethods,
  url: string,
  options?: {
    readonly headers?: Record<string, string>;
    readonly body?: string;
    readonly allowInsecureConnection?: boolean;
  },
) => Promise<HttpAnswer>;

/** Sends requests the way an SDK does: through the proxy of the environment, retrying when throttled. */
export function createHttp(
  settings: Pick<AgentSettings, 'proxyUrl' | 'caPath'>,
  abort: AbortSignal,
): SendHttp {
  const proxy = settings.proxyUrl ? new URL(settings.proxyUrl) : undefined;
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: 'haymaker-agent/1.0' },
    retryOptions: { maxRetries: 4, retryDelayInMs: 300 },
    ...(settings.caPath ? { tlsOptions: { ca: readFileSync(settings.caPath) } } : {}),
  });
  const client = createDefaultHttpClient();
  return async (method, url, options = {}) => {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({ accept: 'application/json', ...options.headers }),
      abortSignal: abort,
      timeout: 20_000,
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.allowInsecureConnection ? { allowInsecureConnection: true } : {}),
      ...(proxy && url.startsWith('https:')
        ? { proxySettings: { host: `${proxy.protocol}//${proxy.hostname}`, port: Number(proxy.port) } }
        : {}),
    });
    const { status, headers, bodyAsText } = await pipeline.sendRequest(client, request);
    return { status, headers, json: bodyAsText ? JSON.parse(bodyAsText) : undefined };
  };
}
