import { describe, expect, test } from 'vitest';
import { parseKql, type Row, type Table, UnknownQuery } from '../../../local/azure/kql.ts';

const rows: Record<Table, Row[]> = {
  resources: [
    { id: '/b', name: 'hm-1-b', type: 'microsoft.app/jobs', tags: { RunId: 'run-1', Env: "it's" } },
    { id: '/a', name: 'hm-1-a', type: 'microsoft.network/virtualnetworks', tags: { RunId: 'run-1' } },
    { id: '/c', name: 'other', type: 'microsoft.app/jobs', tags: {} },
  ],
  resourcecontainers: [{ id: '/g', name: 'hm-1-g', type: 'group', tags: { RunId: 'run-1' } }],
  authorizationresources: [
    { id: '/r1', type: 'x', properties: { principalId: 'P1' } },
    { id: '/r2', type: 'x', properties: { principalId: 'P2' } },
  ],
};
const ids = (query: string) =>
  parseKql(query)
    .run((table) => rows[table])
    .map((row) => row.id);

describe('a query that the stand-in knows', () => {
  test.each([
    ['resources', ['/b', '/a', '/c']],
    ['resources | order by id asc', ['/a', '/b', '/c']],
    ["resources | where tags['RunId'] =~ 'RUN-1' | order by id asc", ['/a', '/b']],
    ["resources | where tags['runid'] == 'RUN-1'", []],
    ["resources | where tags['RunId'] =~ 'run-1' and type =~ 'Microsoft.App/jobs'", ['/b']],
    ["resources | where name startswith 'hm-1-' | where type =~ 'microsoft.app/jobs'", ['/b']],
    ["resources | where tags['RunId'] =~ 'run-1' or name == 'other' | order by id asc", ['/a', '/b', '/c']],
    ["resources | where (name == 'other' or name == 'hm-1-a') and type =~ 'microsoft.app/jobs'", ['/c']],
    ["resources | where tags['Env'] == 'it\\'s'", ['/b']],
    ["resources | where name == 'a | b and c'", []],
    [
      "resources | where tags.RunId =~ 'run-1' | union (resourcecontainers | where tags['RunId'] =~ 'run-1') | order by id asc",
      ['/a', '/b', '/g'],
    ],
    ["authorizationresources | where properties.principalId in~ ('p2', 'p3')", ['/r2']],
  ])('%s', (query, expected) => {
    expect(ids(query)).toEqual(expected);
  });

  test('projects columns, also nested and renamed ones', () => {
    const [first] = parseKql(
      'authorizationresources | project id, principal = properties.principalId, properties.principalId',
    ).run((table) => rows[table]);
    expect(first).toEqual({ id: '/r1', principal: 'P1', properties_principalId: 'P1' });
  });
});

test.each([
  'vaults',
  'resources | take 5',
  'resources | where isnotnull(tags)',
  "resources | where name contains 'x'",
  'resources | where name == unquoted',
  'resources | order by id desc',
  'resources | summarize count()',
])('any other query is refused: %s', (query) => {
  expect(() => ids(query)).toThrow(UnknownQuery);
});
