import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiPage } from '../../local/docs/apiPage.ts';

test('docs/api.md is what npm run docs:api writes', () => {
  const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(page, 'run npm run docs:api and commit docs/api.md').toBe(apiPage());
});
