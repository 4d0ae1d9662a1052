import type { z } from 'zod';
import { OPERATIONS, type Operation } from '../../src/api/operations.ts';
import type { ErrorAnswer } from '../../src/api/schemas/common.ts';
import { fieldRows } from './fields.ts';

const INTRODUCTION = `# The HTTP API

Made from the app's own OpenAPI document by \`npm run docs:api\`; the running app serves that document at
\`GET /api/v1/openapi.json\`. Names are in snake_case, times are ISO 8601 in UTC, ids are opaque.

## Who may ask

With \`API_AUTH=key\` (the default) the platform checks a function key: send it as \`x-functions-key\`. With
\`API_AUTH=entra\` the app checks an Entra token itself: send \`Authorization: Bearer <token>\`. The token must be signed by
the tenant, for the audience in \`API_AUDIENCE\`, and carry the app role \`HayMaker.Reader\` (to read) or
\`HayMaker.Operator\` (to change something; it may read, too). A token for another audience, Azure Resource Manager's for
example, is refused. \`health\` needs neither.

## Lists

A list answers at most \`limit\` things (1 to 500, 100 when it is not given) and \`next_cursor\`, which is null on the last
page. Send it back as \`cursor\`, with the same filters. A cursor that was changed, or that comes with other filters, is
refused with \`INVALID_PARAMETER\`.

## Starting a run twice

The same body from the same caller within a minute is the same execution. With the header \`Idempotency-Key\` the key alone
decides, for a day. At most \`MAX_CONCURRENT_RUNS\` runs that were started over the API are at work at once, and at most
\`MAX_RUNS_PER_HOUR\` are started within an hour, across all instances of the app; beyond that the answer is 429 with
\`Retry-After\`. When the limits cannot be checked it is 503: nothing is started.

## Following logs

\`GET agents/{id}/logs\` answers the end of the log (\`tail\`). To go on, send \`next_cursor\` as \`cursor\`: nothing is missed
and nothing is repeated. \`since\` chooses by time instead, within the last \`tail\` lines.

With \`follow=true\` and \`Accept: text/event-stream\` the answer is server-sent events. What is there is sent at once;
when nothing is, the answer is held until something comes, at most 25 seconds, and then ends. A client reconnects by
itself with \`Last-Event-ID\` (any \`EventSource\` does) and misses nothing. The answer 204 means that the run has ended and
nothing more will come.

## Errors

Every answer with a status of 400 or more has one shape, and the header \`X-Trace-Id\`:

\`\`\`json
${JSON.stringify(exampleError(), null, 2)}
\`\`\`

| status | codes |
| --- | --- |
| 400 | \`INVALID_JSON\`, \`INVALID_REQUEST\` (\`details.issues\` says what, where and what was expected), \`INVALID_PARAMETER\` |
| 401, 403 | \`UNAUTHORIZED\`, \`FORBIDDEN\` |
| 404 | \`RUN_NOT_FOUND\`, \`EXECUTION_NOT_FOUND\`, \`AGENT_NOT_FOUND\`, \`SCENARIO_NOT_FOUND\` (with the nearest names), \`CLEANUP_NOT_FOUND\`, \`REPORT_NOT_FOUND\`, \`ORCHESTRATOR_NOT_FOUND\`, \`INSTANCE_NOT_FOUND\`, \`EVENT_NOT_FOUND\` |
| 409 | \`RUN_IS_LIVE\`, \`RUN_HAS_ENDED\` |
| 410 | \`INSTANCE_FINISHED\` |
| 413, 415 | \`PAYLOAD_TOO_LARGE\` (256 KiB), \`UNSUPPORTED_MEDIA_TYPE\` |
| 429 | \`RATE_LIMIT_EXCEEDED\`, with \`Retry-After\` |
| 500 | \`INTERNAL_ERROR\`; the trace id leads to the log |
| 503 | \`STORAGE_UNAVAILABLE\`, with \`Retry-After\` |

## Routes
`;

/** docs/api.md: the introduction, and every route with what goes in and what comes out. */
export function apiPage(): string {
  return `${INTRODUCTION}\n${OPERATIONS.map(section).join('\n')}`;
}

function section(operation: Operation): string {
  const { method, path, summary, query, body, anyBody, answers, errors, secured } = operation;
  const input = [
    ...(query ? ['', 'Query:', '', ...fieldRows(query, 'input')] : []),
    ...(body ? ['', 'Body:', '', ...fieldRows(body, 'input')] : []),
    ...(anyBody ? ['', 'Body: any JSON, or none.'] : []),
  ];
  const output = Object.entries(answers).flatMap(([status, { description, schema, also = [] }]) => {
    const types = also.length > 0 ? ` (or \`${also.join('`, `')}\`)` : '';
    return [
      '',
      `**${status}** ${description}${types}`,
      ...(schema ? ['', ...fieldRows(schema, 'output')] : []),
    ];
  });
  const refusals = errors.length > 0 ? ['', `Also: ${errors.join(', ')}.`] : [];
  const key = secured ? '' : ' Without a key.';
  return [
    `### ${method.toUpperCase()} ${path}`,
    '',
    `${/[.?]$/.test(summary) ? summary : `${summary}.`}${key}`,
    ...input,
    ...output,
    ...refusals,
    '',
  ].join('\n');
}

function exampleError(): z.infer<typeof ErrorAnswer> {
  return {
    error: {
      code: 'SCENARIO_NOT_FOUND',
      message: 'There is no scenario compute-1. Did you mean compute-01 or ai-ml-01 or containers-01?',
      details: { nearest: ['compute-01', 'ai-ml-01', 'containers-01'] },
      trace_id: 'e93a46f2-180c-4407-84c2-04bfee2f98e6',
    },
  };
}
