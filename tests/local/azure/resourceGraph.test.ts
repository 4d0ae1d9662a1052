import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUP_TYPE } from '../../../local/azure/resources.ts';
import { WORLD } from '../../../local/world.ts';
import { type StandInFixture, withStandIn } from '../../support/standIn.ts';
import { until } from '../../support/until.ts';
import { credentialFor } from './client.ts';

let fixture: StandInFixture;
let graph: ResourceGraphClient;
beforeAll(async () => {
  fixture = await withStandIn({
    delays: { graphIndexLag: 150 },
    limits: { resourceGraph: { capacity: 1_000, perSecond: 1_000 } },
  });
  graph = new ResourceGraphClient(fixture.credential);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const subscription = `/subscriptions/${WORLD.subscriptionId}`;

function addGroup(name: string) {
  fixture.standIn.state.resources.put({
    id: `${subscription}/resourceGroups/${name}`,
    name,
    type: GROUP_TYPE,
    location: 'eastus',
    tags: { RunId: 'run-rg' },
    properties: {},
    rest: {},
    createdAt: Date.now(),
    createdBy: 'test',
  });
}

async function ask(query: string, client = graph, options: { top?: number; skipToken?: string } = {}) {
  const subscriptions = [WORLD.subscriptionId];
  return client.resources({ query, subscriptions, options: { resultFormat: 'objectArray', ...options } });
}
const groups = "resourcecontainers | where tags['RunId'] =~ 'run-rg' | project id,name | order by id asc";

test('shows a change late, and a removal too', async () => {
  addGroup('rg-late');
  const named = "resourcecontainers | where name startswith 'rg-late'";
  expect((await ask(named)).count).toBe(0);
  await until(async () => (await ask(named)).count === 1);
  fixture.standIn.state.resources.remove(`${subscription}/resourceGroups/rg-late`);
  expect((await ask(named)).count).toBe(1);
  await until(async () => (await ask(named)).count === 0);
});

test('pages with a skip token', async () => {
  for (const n of [1, 2, 3]) addGroup(`rg-page-${n}`);
  await until(async () => (await ask(groups)).totalRecords === 3);
  const first = await ask(groups, graph, { top: 2 });
  expect(first).toMatchObject({ count: 2, totalRecords: 3, resultTruncated: 'false' });
  const second = await ask(groups, graph, { top: 2, skipToken: first.skipToken ?? '' });
  expect(second.count).toBe(1);
  expect(second.skipToken).toBeUndefined();
});

test('knows role assignments by principal', async () => {
  const query = `authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | where properties.principalId in~ ('${WORLD.eventsIdentity.oid}') | project id,properties`;
  await until(async () => (await ask(query)).count === 1);
});

test('shows a principal only what it may read', async () => {
  const { state } = fixture.standIn;
  const stranger = { oid: crypto.randomUUID(), appId: crypto.randomUUID(), displayName: 'stranger' };
  const client = new ResourceGraphClient(credentialFor(state, stranger));
  expect((await ask('resources', client)).count).toBe(0);
  expect((await ask('resources')).count).toBeGreaterThan(5);
});

test('refuses a query that it does not know, and names it', async () => {
  await expect(ask('resources | summarize count()')).rejects.toMatchObject({
    statusCode: 400,
    code: 'InvalidQuery',
    message: expect.stringContaining('summarize count()'),
  });
});

test('throttles without Retry-After, but says when the quota is back', async () => {
  const { state } = fixture.standIn;
  const guest = { oid: crypto.randomUUID(), appId: crypto.randomUUID(), displayName: 'guest' };
  const client = new ResourceGraphClient(credentialFor(state, guest));
  state.limits.resourceGraph = { capacity: 1, perSecond: 0.2 };
  await ask('resources', client);
  const failure = await ask('resources', client).then(
    () => undefined,
    ({ statusCode, response: { headers } }: RestError) => ({
      statusCode,
      retryAfter: headers.get('retry-after'),
      remaining: headers.get('x-ms-user-quota-remaining'),
      resetsAfter: headers.get('x-ms-user-quota-resets-after'),
    }),
  );
  expect(failure).toEqual({
    statusCode: 429,
    retryAfter: undefined,
    remaining: '0',
    resetsAfter: '00:00:05',
  });
});

/** The part of the SDK's error that the test reads. */
interface RestError {
  readonly statusCode: number;
  readonly response: { readonly headers: { get(name: string): string | undefined } };
}
