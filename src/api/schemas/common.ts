import { z } from 'zod';

/** An instant in an answer, such as 2026-11-21T06:00:00.000Z. */
export const Instant = z.iso.datetime({ offset: true });

/** Ids of runs, agents and clean-ups in a path: what is not of this shape cannot exist. */
export const Id = z.string().regex(/^\w[\w.~:@-]{0,99}$/, 'expected letters, digits and . ~ : @ -');

/** The query is text; OpenAPI shows what the text stands for, without our pattern. */
function shownAs(json: Readonly<Record<string, unknown>>) {
  return {
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, json);
    },
  };
}

/** A whole number in the query; OpenAPI shows it as the integer that it is. */
export function integerParameter(range: { min: number; max: number; fallback: number }) {
  const { min, max, fallback } = range;
  const what = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, what)
    .transform(Number)
    .refine((value) => value >= min && value <= max, what)
    .prefault(String(fallback))
    .meta(shownAs({ type: 'integer', minimum: min, maximum: max, default: fallback }));
}

/** An instant in the query: any ISO 8601 time with its zone; without one it is UTC. */
export const InstantParameter = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i,
    'expected an ISO 8601 time such as 2026-11-21T06:00:00Z',
  )
  .transform((text, context) => {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
    const time = Date.parse(zoned.replace(' ', 'T'));
    if (Number.isFinite(time)) return new Date(time).toISOString();
    context.addIssue({ code: 'custom', message: 'expected an ISO 8601 time such as 2026-11-21T06:00:00Z' });
    return z.NEVER;
  })
  .meta(shownAs({ type: 'string', format: 'date-time' }));

/** Parameters of every list. `cursor` is what the page before answered as next_cursor. */
export const Page = {
  limit: integerParameter({ min: 1, max: 500, fallback: 100 }),
  cursor: z.string().min(1).max(1_000).optional(),
};

/** Where the next page begins; null on the last one. */
export const NextCursor = z.string().nullable();

/** What comes with an id in the path. */
export const IdPath = z.object({ id: z.string().meta({ example: 'run-20261121T0600Z' }) });

/** A text that a caller chose and that we keep: no control characters, no broken surrogates. */
export function plainText(min: number, max: number) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'expected text without control characters');
}

/** Every answer with a status of 400 or more. */
export const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
      trace_id: z.string(),
    }),
  })
  .meta({ id: 'Error' });
