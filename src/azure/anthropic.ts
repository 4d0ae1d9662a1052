import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { azureCall, clientOptions, impatience } from './call.ts';

const MODELS_URL = 'https://api.anthropic.com/v1/models?limit=100';
const API_VERSION = '2023-06-01';
const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * Lists the models that the key may use, which costs nothing; returns how many. Denied when the key is not accepted. It
 * goes through the same pipeline as the Azure clients, so that a proxy set for them is used too.
 */
export async function checkAnthropic(apiKey: string): Promise<number> {
  const pipeline = createPipelineFromOptions({ retryOptions: clientOptions.retryOptions });
  pipeline.addPolicy(impatience, { afterPhase: 'Retry' });
  return azureCall('listing the models of api.anthropic.com', async (abortSignal) => {
    const request = createPipelineRequest({
      url: MODELS_URL,
      abortSignal,
      headers: createHttpHeaders({ 'x-api-key': apiKey, 'anthropic-version': API_VERSION }),
    });
    const response = await pipeline.sendRequest(createDefaultHttpClient(), request);
    if (response.status !== 200) {
      throw new RestError(`HTTP ${response.status}`, { statusCode: response.status, response });
    }
    return Models.parse(JSON.parse(response.bodyAsText ?? '')).data.length;
  });
}
