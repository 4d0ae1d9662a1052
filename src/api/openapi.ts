import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type Answer, OPERATIONS, type Operation } from './operations.ts';
import { ErrorAnswer } from './schemas/common.ts';

const AnyJson = z.unknown();

/** What any route behind a key may answer with; a route with a body may refuse that, too. */
const COMMON_ERRORS = [400, 401, 403, 500, 503];
const BODY_ERRORS = [413, 415];

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'INVALID_JSON, INVALID_REQUEST or INVALID_PARAMETER: details say what was expected',
  401: 'no key or token, or one that is not good',
  403: 'the token lacks the role',
  404: 'there is no such thing',
  409: 'not in its present state',
  410: 'has ended',
  413: 'the body is too large',
  415: 'the body is not JSON',
  429: 'too many; Retry-After says when to try again',
  500: 'our fault; the trace id leads to the log',
  503: 'a service that this needs does not answer',
};

/** The OpenAPI 3.1 document of the API in this version, made from the schemas that the handlers validate with. */
export function openApiDocument(version: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Azure HayMaker',
      version,
      description:
        'Lists are paged: send next_cursor back as cursor, with the same filters. Times are ISO 8601 in UTC.',
    },
    paths,
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
    security: [{ key: [] }, { token: [] }],
  });
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { name, summary, pathParams, query, body, anyBody, secured } = operation;
  const schema = body ?? (anyBody ? AnyJson : undefined);
  return {
    operationId: name,
    summary,
    ...(secured ? {} : { security: [] }),
    requestParams: { ...(pathParams ? { path: pathParams } : {}), ...(query ? { query } : {}) },
    ...(schema ? { requestBody: { required: false, content: { 'application/json': { schema } } } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, answered(answer)]),
      ),
      ...errorAnswers(operation),
    },
  };
}

function answered({ description, schema, json, also = [] }: Answer) {
  const jsonSchema = schema ?? (json ? AnyJson : undefined);
  if (!jsonSchema && also.length === 0) return { description };
  return {
    description,
    content: {
      ...(jsonSchema ? { 'application/json': { schema: jsonSchema } } : {}),
      ...Object.fromEntries(also.map((type) => [type, { schema: z.string() }])),
    },
  };
}

function errorAnswers({ secured, body, anyBody, errors }: Operation) {
  const statuses = secured ? [...COMMON_ERRORS, ...(body || anyBody ? BODY_ERRORS : []), ...errors] : [];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: DESCRIPTIONS[status] ?? 'an error',
        content: { 'application/json': { schema: ErrorAnswer } },
      },
    ]),
  );
}
