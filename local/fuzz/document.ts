import { z } from 'zod';

/** A JSON schema as it stands in the document. */
export type JsonSchema = Readonly<Record<string, unknown>>;
const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.object({ schema: Schema }));

const Operation = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ in: z.enum(['path', 'query', 'header']), name: z.string(), schema: Schema }))
    .default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional() })),
});

/** The parts of an OpenAPI document that requests are made from and answers are held against. */
export const OpenApi = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post']), Operation)),
});

/** One operation of the document, with every reference resolved. */
export interface Route extends z.infer<typeof Operation> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

/** The operations of a document. Throws a ZodError for what is not an OpenAPI document. */
export function routesOf(document: unknown): Route[] {
  const { paths } = OpenApi.parse(resolved(document, document));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation ? [{ ...operation, path, method: method === 'post' ? 'POST' : 'GET' } as const] : [],
    ),
  );
}

/** Our schemas do not refer to themselves, so every reference can be replaced by what it refers to. */
function resolved(value: unknown, document: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, document));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') return resolved(at(document, value.$ref), document);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, document)]));
}

function at(document: unknown, pointer: string): unknown {
  return pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      document,
    );
}
