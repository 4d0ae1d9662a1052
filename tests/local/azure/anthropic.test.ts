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

async function call(method: 'GET' | 'POST', path: string, apiKey?: string, message?: unknown) {
  const response = await createPipelineFromOptions(stage.clientOptions).sendRequest(
    createDefaultHttpClient(),
    createPipelineRequest({
      method,
      url: `https://api.anthropic.com${path}`,
      headers: createHttpHeaders({
        'anthropic-version': '2023-06-01',
        ...(apiKey ? { 'x-api-key': apiKey } : {}),
        ...(message === undefined ? {} : { 'content-type': 'application/json' }),
      }),
      ...(message === undefined ? {} : { body: JSON.stringify(message) }),
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

  test('answers a question about a failed step with advice in JSON', async () => {
    const content = 'Failed step: Look around\n\n<error>\n(AnotherOperationInProgress) busy\n</error>';
    const { status, body } = await call('POST', '/v1/messages', 'the-key', {
      model: 'claude-sonnet-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content }],
    });
    expect(status).toBe(200);
    expect(JSON.parse(body.content[0].text)).toMatchObject({ action: 'retry', command: '' });
    expect(body.usage.input_tokens).toBeGreaterThan(0);
  });

  test('refuses a message that is none', async () => {
    const { status, body } = await call('POST', '/v1/messages', 'the-key', { model: 'claude-sonnet-5-5' });
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/max_tokens/);
  });
});
