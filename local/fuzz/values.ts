import fc from 'fast-check';
import type { JsonSchema } from './document.ts';

/** Texts that have broken programs before. */
export const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\r\nX-Injected: yes',
  '\ud800',
  '\u202egnp.exe',
  '😀'.repeat(20),
  'x'.repeat(5_000),
  '../../../etc/passwd',
  '..\\..\\windows',
  "' or 1 eq 1 or '",
  "PartitionKey eq 'run'",
  '"; DROP TABLE Runs; --',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '%00',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  '-1',
  '0x10',
  '1e309',
  '9007199254740993',
  '999999999999999999999999',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  'null',
  'true',
];

/** Values that a schema allows, as far as a generator can tell. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((choice) => valuesOf(choice as JsonSchema)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer({ min: number(schema.minimum, -1_000), max: number(schema.maximum, 1_000) });
    case 'number':
      return fc.double({ min: number(schema.minimum, 0), max: number(schema.maximum, 100), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf((schema.items ?? {}) as JsonSchema), {
        minLength: number(schema.minItems, 0),
        maxLength: Math.min(number(schema.maxItems, 5), 5),
      });
    case 'object':
      return objects(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function texts(schema: JsonSchema): fc.Arbitrary<string> {
  if (typeof schema.example === 'string') {
    return fc.oneof({ weight: 3, arbitrary: fc.constant(schema.example) }, fc.string({ maxLength: 20 }));
  }
  if (schema.format === 'date-time') {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  }
  const minLength = number(schema.minLength, 0);
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(number(schema.maxLength, 20), 20)) });
}

function objects(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const known = fc.record(
    Object.fromEntries(properties.map(([name, property]) => [name, valuesOf(property)])),
    {
      requiredKeys: Array.isArray(schema.required) ? schema.required : [],
    },
  );
  const extra = schema.additionalProperties;
  if (properties.length > 0 || typeof extra !== 'object' || extra === null) return known;
  return fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), valuesOf(extra as JsonSchema), { maxKeys: 4 });
}

function number(value: unknown, fallback: number): number {
  return typeof value === 'number' ? Math.max(-1e6, Math.min(value, 1e6)) : fallback;
}
