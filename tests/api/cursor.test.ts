import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, listScope } from '../../src/api/cursor.ts';
import { ApiError } from '../../src/api/errors.ts';

describe('a cursor', () => {
  test('gives back the position for the scope that it was made for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (scope, position) => {
        expect(decodeCursor(scope, encodeCursor(scope, position))).toBe(position);
      }),
    );
  });

  test('is refused with one character changed, added or taken away', () => {
    const change = fc.record({ at: fc.nat(), by: fc.constantFrom('', 'A', 'z', '_', '=', '%', '\u0000') });
    fc.assert(
      fc.property(fc.string(), fc.string(), change, (scope, position, { at, by }) => {
        const cursor = encodeCursor(scope, position);
        const index = at % cursor.length;
        const changed = cursor.slice(0, index) + by + cursor.slice(index + 1);
        fc.pre(changed !== cursor);
        expect(() => decodeCursor(scope, changed)).toThrow(ApiError);
      }),
    );
  });

  test('is refused with other filters', () => {
    const cursor = encodeCursor(listScope('agents', { status: 'running' }), '123');
    expect(() => decodeCursor(listScope('agents', { status: 'failed' }), cursor)).toThrow(
      /cursor is not valid/,
    );
    expect(() => decodeCursor(listScope('runs', { status: 'running' }), cursor)).toThrow(ApiError);
  });

  test('is refused whatever text comes in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => decodeCursor('agents', text)).toThrow(ApiError);
      }),
    );
  });
});

describe('a scope', () => {
  test('does not depend on the order of the filters, nor on those that are not given', () => {
    expect(listScope('a', { x: '1', y: undefined, z: '2' })).toBe(listScope('a', { z: '2', x: '1' }));
  });
});
