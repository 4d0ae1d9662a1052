import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  RestError,
} from '@azure/core-rest-pipeline';
import { azureCall } from './call.ts';

const ENDPOINT = 'https://management.azure.com';

/** Sends one request to a path (or a whole next link); resolves to the parsed body, undefined when there is none. */
export type ArmRest = (path: string, doing: string, method?: HttpMethods) => Promise<unknown>;

/**
 * Sends ARM requests for which the generic client has no method (locks, soft-deleted things, the subscription itself)
 * through that client's own pipeline: its credential, retries and proxy. What Azure has only accepted (202) is success;
 * nothing is waited for. Throws the domain's errors.
 */
export function createArmRest(pipeline: Pipeline): ArmRest {
  const httpClient = createDefaultHttpClient();
  return (path, doing, method = 'GET') =>
    azureCall(doing, async (abortSignal) => {
      const url = new URL(path, ENDPOINT).toString();
      const request = createPipelineRequest({ url, method, abortSignal });
      const response = await pipeline.sendRequest(httpClient, request);
      const body: unknown = response.bodyAsText ? JSON.parse(response.bodyAsText) : undefined;
      if (response.status < 300) return body;
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
