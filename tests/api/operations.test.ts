import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiAuthLevel } from '../../src/api/authLevel.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import { OPERATIONS } from '../../src/api/operations.ts';

const roster = readFileSync(new URL('../../src/index.ts', import.meta.url), 'utf8');

/** name, method and path of every route behind a key, as src/index.ts registers them. */
const secured = [...roster.matchAll(/client\.http\(\s*'(\w+)',\s*(get|post)\('([^']+)'/g)].map(
  ([, name, method, path]) => ({ name, method, path: `/${path}` }),
);

describe('the document', () => {
  test('has exactly the routes of the roster', () => {
    const described = OPERATIONS.filter(({ secured }) => secured).map(({ name, method, path }) => ({
      name,
      method,
      path,
    }));
    const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
      String(a.name).localeCompare(String(b.name));
    expect(described.sort(byName)).toEqual(secured.sort(byName));
  });

  test('has health as the only doors without a key', () => {
    const open = OPERATIONS.filter((operation) => !operation.secured).map(({ path }) => path);
    expect(open).toEqual(['/health', '/api/v1/health']);
    const anonymous = [...roster.matchAll(/route: '([^']+)'[^}]*authLevel: 'anonymous'/g)].map(
      ([, path]) => `/${path}`,
    );
    expect(anonymous).toEqual(open);
    const page = [...roster.matchAll(/app\.http\(\s*'page_\w+',\s*open\('([^']+)'/g)].map(([, path]) => path);
    expect(page).toEqual(['/', 'dashboard', 'dashboard/assets/{file}']);
    expect(roster.match(/\bopen\('/g)).toHaveLength(page.length);
  });

  test('describes every answer with a schema that a validator understands', () => {
    const document = z
      .object({
        openapi: z.literal('3.1.0'),
        paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
        components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
      })
      .parse(JSON.parse(JSON.stringify(openApiDocument('1.2.3'))));
    expect(Object.keys(document.components.schemas)).toContain('Error');
    expect(Object.values(document.paths).flatMap(Object.keys)).toHaveLength(OPERATIONS.length);
  });
});

describe('the level that the platform enforces', () => {
  test.each([
    [undefined, 'function'],
    ['', 'function'],
    ['key', 'function'],
    ['Entra', 'function'],
    ['off', 'function'],
    ['entra', 'anonymous'],
  ] as const)('with API_AUTH=%s is %s', (API_AUTH, level) => {
    expect(apiAuthLevel({ API_AUTH })).toBe(level);
  });
});
