import type { Reply, Service } from './core.ts';

interface AnthropicDeps {
  /** The API keys that are valid now. */
  readonly isKey: (apiKey: string) => boolean;
}

const VERSION = '2023-06-01';

/** The list of models: https://docs.anthropic.com/en/api/models-list */
const MODELS = [
  {
    type: 'model',
    id: 'claude-opus-4-5',
    display_name: 'Claude Opus 4.5',
    created_at: '2025-11-24T00:00:00Z',
  },
  {
    type: 'model',
    id: 'claude-sonnet-4-5',
    display_name: 'Claude Sonnet 4.5',
    created_at: '2025-09-29T00:00:00Z',
  },
];

/** The Anthropic API as far as a check of the key needs it. Messages are refused: scripted agents do not think. */
export function createAnthropic(deps: AnthropicDeps): Service {
  return {
    name: 'anthropic',
    hosts: /^api\.anthropic\.com$/i,
    audiences: [],
    handle({ method, path, headers }) {
      const operation = `${method} ${path}`;
      if (!headers['anthropic-version']) {
        return {
          ...refuse(
            400,
            'invalid_request_error',
            `anthropic-version: header is required, such as ${VERSION}`,
          ),
          operation,
        };
      }
      const key = headers['x-api-key'];
      if (!key || !deps.isKey(key)) {
        return {
          ...refuse(401, 'authentication_error', key ? 'invalid x-api-key' : 'x-api-key header is required'),
          operation,
        };
      }
      if (method === 'GET' && path === '/v1/models') {
        const body = {
          data: MODELS,
          has_more: false,
          first_id: MODELS[0]?.id ?? null,
          last_id: MODELS.at(-1)?.id ?? null,
        };
        return { status: 200, body, operation };
      }
      if (method === 'POST' && path === '/v1/messages') {
        return {
          ...refuse(
            400,
            'invalid_request_error',
            'This stand-in has no model: the local agents are scripted and ask for no messages.',
          ),
          operation,
        };
      }
      return { ...refuse(404, 'not_found_error', `There is no ${operation} here.`), operation };
    },
  };
}

function refuse(status: number, type: string, message: string): Reply {
  return { status, body: { type: 'error', error: { type, message } } };
}
