import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  RestError,
} from '@azure/core-rest-pipeline';
import { azureCall } from './call.ts';

const ENDPOINT = 'https://management.azure.com';

/**
 * Sends ARM requests for which the generic client has no method (locks, the subscription itself) through that client's
 * own pipeline: its credential, retries and proxy. Resolves to the parsed body; throws the domain's errors.
 */
export function createArmRest(pipeline: Pipeline): (path: string, doing: string) => Promise<unknown> {
  const httpClient = createDefaultHttpClient();
  return (path, doing) =>
    azureCall(doing, async (abortSignal) => {
      const method: HttpMethods = 'GET';
      const url = new URL(path, ENDPOINT).toString();
      const request = createPipelineRequest({ url, method, abortSignal });
      const response = await pipeline.sendRequest(httpClient, request);
      const body: unknown = response.bodyAsText ? JSON.parse(response.bodyAsText) : undefined;
      if (response.status === 200) return body;
      const { code, message } = readError(body);
      throw new RestError(message ?? `HTTP ${response.status}`, {
        statusCode: response.status,
        request,
        response,
        ...(code ? { code } : {}),
      });
    });
}

function readError(body: unknown): { code?: string; message?: string } {
  const error = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined;
  return typeof error === 'object' && error !== null ? error : {};
}
