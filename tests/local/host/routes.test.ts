import { expect, test } from 'vitest';
import { compareRoutes, matchRoute, parseRoute } from '../../../local/host/routes.ts';

test.each([
  ['health', '/health', {}],
  ['health', '/HEALTH/', {}],
  ['runs/{id}', '/runs/a%2Fb', { id: 'a/b' }],
  ['runs/{id}', '/runs', undefined],
  ['runs/{id?}', '/runs', {}],
  ['runs/{id?}', '/runs/7', { id: '7' }],
  ['runs/{id:int}', '/runs/x', undefined],
  ['runs/{id:int?}', '/runs', {}],
  ['files/{*rest}', '/files', { rest: '' }],
  ['files/{*rest}', '/files/a/b', { rest: 'a/b' }],
  ['a/{b}/c', '/a/1/d', undefined],
  ['a/{b}/c', '/a/1/c/2', undefined],
  ['percent/{x}', '/percent/100%', { x: '100%' }],
])('%s and %s', (template, path, expected) => {
  expect(matchRoute(parseRoute(template), path)).toEqual(expected);
});

test('the most particular route comes first', () => {
  const routes = [
    '{*all}',
    'runs/{id}',
    'runs/{id:int}',
    'runs/latest',
    'runs/{id}/report',
    'runs/{id?}',
  ].map(parseRoute);
  expect(routes.sort(compareRoutes).map((route) => route.template)).toEqual([
    'runs/latest',
    'runs/{id:int}',
    'runs/{id}/report',
    'runs/{id}',
    'runs/{id?}',
    '{*all}',
  ]);
});

test.each(['a{b}', '{id:regex(x)}'])('%s is refused', (template) => {
  expect(() => parseRoute(template)).toThrow(template);
});
