import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { scriptedAdvice } from './anthropicRepairs.ts';
import type { Reply, Request, Service } from './core.ts';

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

const TextBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const MessagesBody = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['user', 'assistant']),
        content: z.union([z.string(), z.array(TextBlock)]),
      }),
    )
    .min(1),
});

/** As many characters as a token has, more or less. */
const CHARACTERS_PER_TOKEN = 4;

/** The Anthropic API as far as a check of the key and the agents' questions about repairs need it. */
export function createAnthropic(deps: AnthropicDeps): Service {
  return {
    name: 'anthropic',
    hosts: /^api\.anthropic\.com$/i,
    audiences: [],
    handle(request) {
      const { method, path, headers } = request;
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
      // Clients of 2026 send the key as a bearer token, older ones in a header of its own.
      const key = headers['x-api-key'] ?? /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
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
      if (method === 'POST' && path === '/v1/messages') return { ...answer(request), operation };
      return { ...refuse(404, 'not_found_error', `There is no ${operation} here.`), operation };
    },
  };
}

/** https://platform.claude.com/docs/api/messages: one answer, from a script. */
function answer(request: Request): Reply {
  const parsed = MessagesBody.safeParse(request.json);
  if (!parsed.success) return refuse(400, 'invalid_request_error', z.prettifyError(parsed.error));
  const { model, messages } = parsed.data;
  const { content = '' } = messages.at(-1) ?? {};
  const question = typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
  const text = JSON.stringify(scriptedAdvice(question));
  return {
    status: 200,
    body: {
      id: `msg_${randomUUID().replaceAll('-', '')}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: Math.ceil(request.body.length / CHARACTERS_PER_TOKEN),
        output_tokens: Math.ceil(text.length / CHARACTERS_PER_TOKEN),
      },
    },
  };
}

function refuse(status: number, type: string, message: string): Reply {
  return { status, body: { type: 'error', error: { type, message } } };
}
