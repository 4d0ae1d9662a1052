import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenClaims } from '../../src/azure/credential.ts';
import { createEntra, type DirectoryApplication, type Entra } from '../../src/azure/entra.ts';
import { Missing, Throttled, Unavailable } from '../../src/domain/errors.ts';
import { type StandInFixture, withStandIn } from '../support/standIn.ts';
import { until } from '../support/until.ts';

let fixture: StandInFixture;
let entra: Entra;

beforeAll(async () => {
  fixture = await withStandIn({ delays: { graphReplication: 200 } });
  entra = createEntra(fixture.credential);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

function make(name: string): ReturnType<Entra['ensureApplication']> {
  const tags = ['AzureHayMaker-managed:true', `RunId:${name}`];
  return until(() =>
    entra.ensureApplication({ uniqueName: `hm-${name}`, displayName: `AzureHayMaker-${name}`, tags }),
  );
}

const passwordsOf = (application: DirectoryApplication) =>
  fixture.standIn.state.directory.applications.get(application.objectId)?.passwords ?? [];

describe('an application', () => {
  test('is made once, however often it is asked for', async () => {
    const [one, other] = await Promise.all([make('once'), make('once')]);
    expect(other.objectId).toBe(one.objectId);
    const { isNew, ...application } = one;
    expect([isNew, other.isNew]).toContain(true);
    expect(await entra.findApplication('hm-once')).toEqual(application);
  });

  test('gets one service principal', async () => {
    const { appId } = await make('principal');
    const ask = () => until(() => entra.ensureServicePrincipal({ appId, tags: [] }));
    const { principalId } = await ask();
    expect(await ask()).toEqual({ principalId, isNew: false });
    expect(await entra.principalOf(appId)).toBe(principalId);
  });

  test('has only its newest password', async () => {
    const application = await make('password');
    const password = { displayName: 'agent', endsAt: inAnHour() };
    const first = await until(() => entra.replacePassword(application.objectId, password));
    const second = await until(() => entra.replacePassword(application.objectId, password));
    expect(second).not.toBe(first);
    expect(passwordsOf(application)).toHaveLength(1);
    expect(passwordsOf(application)[0]?.endDateTime).toBe(password.endsAt);
  });

  test('is found by tag and by the start of its name', async () => {
    const { objectId } = await make('found');
    const ids = (found: DirectoryApplication[]) => found.map((each) => each.objectId);
    await until(async () => ids(await entra.findApplications({ tag: 'RunId:found' })).includes(objectId));
    expect(ids(await entra.findApplications({ uniqueNamePrefix: 'hm-fou' }))).toEqual([objectId]);
    expect(await entra.findApplications({ uniqueNamePrefix: "hm-'" })).toEqual([]);
  });

  test('that does not exist is undefined, also with a quote in its name', async () => {
    expect(await entra.findApplication("hm-'x")).toBeUndefined();
    expect(await entra.principalOf('00000000-0000-0000-0000-000000000000')).toBeUndefined();
  });

  test('is deleted, found among the deleted with its principal, and purged; each may be repeated', async () => {
    const { objectId, appId } = await make('gone');
    await until(() => entra.ensureServicePrincipal({ appId, tags: [] }));
    await entra.deleteApplication(objectId);
    await until(() => entra.deleteApplication(objectId).then(() => true));
    const filter = { tag: 'RunId:gone', uniqueNamePrefix: 'hm-gone', appIds: [appId] };
    const deleted = await until(async () => {
      const found = await entra.findDeleted(filter);
      return found.length === 2 && found;
    });
    expect(deleted.map(({ kind }) => kind).sort()).toEqual(['application', 'servicePrincipal']);
    for (const { objectId: id } of [...deleted, ...deleted]) await entra.purge(id);
    await until(async () => (await entra.findDeleted(filter)).length === 0);
  });
});

test('the check names the roles of the token', async () => {
  const { roles } = await entra.checkManageApplications();
  expect(roles).toContain('Application.ReadWrite.OwnedBy');
  expect(await tokenClaims(fixture.credential, 'https://graph.microsoft.com/.default')).toMatchObject({
    roles,
  });
});

describe('failures', () => {
  const match = 'graph.microsoft.com/v1.0/applications';

  test('a throttled call says how long to wait and does not wait itself', async () => {
    fixture.standIn.state.faults.add({
      match,
      kind: 'status',
      status: 429,
      code: 'TooManyRequests',
      message: 'slow down',
      headers: { 'retry-after': '30' },
      times: 1,
    });
    const started = Date.now();
    const asked = entra.findApplication('hm-x');
    await expect(asked).rejects.toThrow(Throttled);
    await expect(asked).rejects.toMatchObject({ retryAfterSeconds: 30 });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test('a cut connection is Unavailable', async () => {
    fixture.standIn.state.faults.add({ match, kind: 'reset', times: 1 });
    await expect(entra.findApplication('hm-x')).rejects.toThrow(Unavailable);
  });

  test('a lost answer to a creation makes no second application', async () => {
    fixture.standIn.state.faults.add({ match: `PATCH ${match}`, kind: 'lostAnswer', times: 1 });
    await make('lost');
    const { applications } = fixture.standIn.state.directory;
    expect([...applications.values()].filter(({ uniqueName }) => uniqueName === 'hm-lost')).toHaveLength(1);
  });

  test('a password for an application that is not there is not ready, for the caller knows it exists', async () => {
    const missing = '00000000-0000-0000-0000-000000000000';
    const asked = entra.replacePassword(missing, { displayName: 'x', endsAt: inAnHour() });
    await expect(asked).rejects.not.toThrow(Missing);
    await expect(asked).rejects.toMatchObject({ name: 'NotReadyYet' });
  });
});
