import { afterAll, beforeAll, expect, test } from 'vitest';
import { IDS, WORLD } from '../../local/world.ts';
import { createResourceGraph, type ResourceGraph } from '../../src/azure/resourceGraph.ts';
import { Throttled, Unavailable } from '../../src/domain/errors.ts';
import { tagsFor } from '../../src/domain/naming.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

/** More than one page, which has at most 1,000 rows. */
const MANY = 1_005;

let fixture: StandInFixture;
let graph: ResourceGraph;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { graphIndexLag: 100 } });
  graph = createResourceGraph(fixture.credential, WORLD.subscriptionId);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const tagsOf = (runId: string) => tagsFor({ runId, expiresOn: '2026-11-21T15:00:00Z' }, 'networking-01');

function place(id: string, type: string, tags: Record<string, string>): string {
  fixture.standIn.state.resources.put({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type,
    location: 'eastus',
    tags,
    properties: {},
    rest: {},
    createdAt: Date.now(),
    createdBy: WORLD.app.oid,
  });
  return id;
}

const groupId = (name: string) => `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${name}`;
const placeGroup = (name: string, runId: string) =>
  place(groupId(name), 'Microsoft.Resources/resourceGroups', tagsOf(runId));
const placeNetwork = (group: string, name: string, tags: Record<string, string>) =>
  place(
    `${groupId(group)}/providers/Microsoft.Network/virtualNetworks/${name}`,
    'Microsoft.Network/virtualNetworks',
    tags,
  );
const lowered = (ids: string[]) => ids.map((id) => id.toLowerCase()).sort();

test('what carries the tags of a run is found, groups and resources alike', async () => {
  const expected = [placeGroup('hm-a', 'run-a'), placeNetwork('hm-a', 'vnet', tagsOf('run-a'))];
  placeNetwork('hm-a', 'untagged', {});
  placeGroup('hm-b', 'run-b');
  const found = await until(async () => {
    const rows = await graph.ofRun('run-a');
    return rows.length >= 2 && rows;
  });
  expect(lowered(found.map(({ id }) => id))).toEqual(lowered(expected));
  expect(found.find(({ name }) => name === 'vnet')).toMatchObject({
    tags: tagsOf('run-a'),
    resourceGroup: expect.stringMatching(/^hm-a$/i),
  });
  const managed = await until(() => graph.managed());
  expect(managed.map(({ name }) => name)).toEqual(expect.arrayContaining(['hm-a', 'hm-b', 'vnet']));
});

test('more than one page is followed to its end', async () => {
  placeGroup('hm-many', 'run-many');
  for (let n = 0; n < MANY; n += 1) placeNetwork('hm-many', `vnet-${n}`, tagsOf('run-many'));
  const found = await until(async () => {
    const rows = await graph.ofRun('run-many');
    return rows.length > MANY && rows;
  });
  expect(new Set(found.map(({ id }) => id)).size).toBe(MANY + 1);
});

test('ancestor 42: a run id cannot talk the query into more', async () => {
  placeGroup('hm-c', 'run-c');
  await until(async () => (await graph.ofRun('run-c')).length === 1);
  expect(await until(() => graph.ofRun("x' or 1 == 1 //"))).toEqual([]);
  expect(await until(() => graph.ofRun("run-c' | union resources //"))).toEqual([]);
  expect(await until(() => graph.ofRun('run-c\\'))).toEqual([]);
});

test('the role assignments of principals are found', async () => {
  const found = await until(() => graph.roleAssignmentsOf([WORLD.eventsIdentity.oid]));
  expect(found).toContainEqual(
    expect.objectContaining({ principalId: WORLD.eventsIdentity.oid, scope: IDS.topic }),
  );
  expect(await graph.roleAssignmentsOf([])).toEqual([]);
});

test('an index that does not answer is Unavailable, not empty', async () => {
  fixture.standIn.state.faults.add({ match: 'Microsoft.ResourceGraph', kind: 'status', status: 500 });
  try {
    await expect(graph.ofRun('run-a')).rejects.toThrow(Unavailable);
  } finally {
    fixture.standIn.state.faults.remove();
  }
});

test('a quota that is used up is waited for, and nobody is refused', async () => {
  const { calls, throttle, limits } = fixture.standIn.state;
  const used = () => throttle.take(`resourceGraph/${WORLD.app.oid}`, limits.resourceGraph).admitted;
  while (used());
  const before = calls.counts().byStatus[429] ?? 0;
  const asked = await Promise.all(Array.from({ length: 4 }, () => graph.ofRun('run-a')));
  expect(asked.map((rows) => rows.length)).toEqual([2, 2, 2, 2]);
  expect((calls.counts().byStatus[429] ?? 0) - before).toBeLessThanOrEqual(4);
});

test('a queue that is too long for one activity is Throttled and says when to come back', async () => {
  const asking = Array.from({ length: 60 }, () => graph.ofRun('run-a'));
  const refusals = (await Promise.allSettled(asking)).filter((each) => each.status === 'rejected');
  expect(refusals.length).toBeGreaterThan(0);
  for (const { reason } of refusals) {
    expect(reason).toBeInstanceOf(Throttled);
    expect(reason.retryAfterSeconds).toBeGreaterThan(5);
  }
}, 60_000);
