import type { z } from 'zod';
import { createSchema } from 'zod-openapi';

type Json = Readonly<Record<string, unknown>>;

/** A Markdown table of an object's fields: name, type, and whether it must be there. */
export function fieldRows(schema: z.ZodType, io: 'input' | 'output'): string[] {
  const { schema: json, components } = createSchema(schema, { io });
  // Answers have all their fields, always: to say so in every row tells nothing.
  const rows = fields(json as Json, components as Record<string, Json>, '').map((row) =>
    io === 'output' ? row.replace(/required(, )?/, '') : row,
  );
  return ['| field | type | |', '| --- | --- | --- |', ...rows];
}

function fields(given: Json, components: Record<string, Json>, prefix: string): string[] {
  const json = follow(given, components);
  const required = new Set(Array.isArray(json.required) ? json.required : []);
  return Object.entries((json.properties ?? {}) as Record<string, Json>).flatMap(([name, property]) => {
    const field = follow(property, components);
    const items = follow((field.items ?? {}) as Json, components);
    const row = `| \`${prefix}${name}\` | ${typeOf(field, components)} | ${note(field, required.has(name))} |`;
    if (field.properties) return [row, ...fields(field, components, `${prefix}${name}.`)];
    return items.properties ? [row, ...fields(items, components, `${prefix}${name}[].`)] : [row];
  });
}

function typeOf(field: Json, components: Record<string, Json>): string {
  if ('const' in field) return `\`${String(field.const)}\``;
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (Array.isArray(field.anyOf)) {
    const choices = field.anyOf.map((choice) => typeOf(follow(choice as Json, components), components));
    return choices.join(' or ');
  }
  if (Array.isArray(field.type)) return field.type.join(' or ');
  if (field.type === 'array')
    return `list of ${typeOf(follow((field.items ?? {}) as Json, components), components)}`;
  if (field.format === 'date-time') return 'time';
  return typeof field.type === 'string' ? field.type : 'any JSON';
}

function note(field: Json, isRequired: boolean): string {
  const range = [field.minimum, field.maximum];
  const isBounded = range.every((bound) => typeof bound === 'number' && Math.abs(bound) < 1_000_000);
  return [
    isRequired ? 'required' : '',
    isBounded ? `${String(range[0])} to ${String(range[1])}` : '',
    'default' in field ? `default ${String(field.default)}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function follow(json: Json, components: Record<string, Json>): Json {
  if (typeof json.$ref !== 'string') return json;
  return components[json.$ref.slice(json.$ref.lastIndexOf('/') + 1)] ?? json;
}
