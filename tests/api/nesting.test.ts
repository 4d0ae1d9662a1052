import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nesting } from '../../src/api/nesting.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('is what a parser would find', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(nesting(JSON.stringify(value))).toBe(depthOf(value));
    }),
  );
});

test('is found in a text that would overflow a parser’s stack, or is no JSON at all', () => {
  expect(nesting('['.repeat(200_000))).toBe(200_000);
  expect(nesting('[{"a[[[": "\\"[["}')).toBe(2);
});
