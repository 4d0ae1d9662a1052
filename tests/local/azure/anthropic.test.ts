import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAnthropic } from '../../../local/azure/anthropic.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(() => [createAnthropic({ isKey: (key) => key === 'the-key' })]);
});

afterAll(() => stage.close());

async function call(method: 'GET' | 'POST', path: string, apiKey?: string) {
  const response = await createPipelineFromOptions(stage.clientOptions).sendRequest(
    createDefaultHttpClient(),
    createPipelineRequest({
      method,
      url: `https://api.anthropic.com${path}`,
      headers: createHttpHeaders({
        'anthropic-version': '2023-06-01',
        ...(apiKey ? { 'x-api-key': apiKey } : {}),
      }),
    }),
  );
  return { status: response.status, body: JSON.parse(response.bodyAsText ?? 'null') };
}

describe('the Anthropic API', () => {
  test('lists models for a valid key', async () => {
    const { status, body } = await call('GET', '/v1/models', 'the-key');
    expect(status).toBe(200);
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data[0]).toMatchObject({ type: 'model', id: expect.any(String) });
  });

  test.each([undefined, 'wrong'])('refuses the key %s', async (key) => {
    const { status, body } = await call('GET', '/v1/models', key);
    expect(status).toBe(401);
    expect(body.error.type).toBe('authentication_error');
  });

  test('refuses messages and says why', async () => {
    const { status, body } = await call('POST', '/v1/messages', 'the-key');
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/scripted/);
  });
});
