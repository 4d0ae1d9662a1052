import { request as httpRequest } from 'node:http';
import { ResourceManagementClient } from '@azure/arm-resources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES } from '../../../local/azure/roles.ts';
import { IDS, WORLD } from '../../../local/world.ts';
import { runKey } from '../../../src/domain/naming.ts';
import { type StandInFixture, withStandIn } from '../../support/standIn.ts';
import { plainFetch } from './client.ts';

let fixture: StandInFixture;
let client: ResourceManagementClient;
beforeAll(async () => {
  fixture = await withStandIn({ delays: { graphReplication: 0 } });
  client = new ResourceManagementClient(fixture.credential, WORLD.subscriptionId, {
    retryOptions: { maxRetries: 0 },
  });
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

async function control(method: string, path: string, body?: unknown) {
  const response = await plainFetch(`${fixture.standIn.addresses.controlUrl}/control/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

describe('leftovers', () => {
  const leftovers = async (runId: string): Promise<string[]> =>
    (await control('GET', `leftovers?runId=${runId}`)).body.map((l: { kind: string }) => l.kind).sort();

  test('the platform itself is none', async () => {
    expect((await control('GET', 'leftovers')).body).toEqual([]);
  });

  test('are found by tag, by name, by group and by principal', async () => {
    const { state } = fixture.standIn;
    const prefix = `hm-${runKey('run-left')}-compute-01`;
    await client.resourceGroups.createOrUpdate(prefix, { location: 'eastus' });
    await client.resourceGroups.createOrUpdate('odd-name', {
      location: 'eastus',
      tags: { RunId: 'run-left' },
    });
    const application = state.directory.createApplication(
      { displayName: 'any', uniqueName: prefix },
      WORLD.app.oid,
    );
    const principal = state.directory.createServicePrincipal(application, [], WORLD.app.oid);
    state.authorization.seed(principal.id, ROLES.reader, IDS.keyVault, crypto.randomUUID());
    expect(await leftovers('run-left')).toEqual([
      'application',
      'resource',
      'resource',
      'role-assignment',
      'service-principal',
    ]);
    state.directory.softDeleteApplication(application);
    expect(await leftovers('run-left')).toContain('deleted-application');
    expect(await leftovers('run-another')).toEqual([]);
    state.directory.purge(application.id);
    expect(await leftovers('run-left')).toEqual(['resource', 'resource', 'role-assignment']);
  });
});

describe('faults', () => {
  const read = () => client.resourceGroups.get(WORLD.platformGroup);
  const match = `GET management.azure.com/.*${WORLD.platformGroup}$`;

  test('a status is answered as often as asked for', async () => {
    const fault = { match, kind: 'status', status: 503, code: 'Busy', times: 1 };
    await control('POST', 'faults', fault);
    await expect(read()).rejects.toMatchObject({ statusCode: 503, code: 'Busy' });
    expect((await read()).name).toBe(WORLD.platformGroup);
  });

  test('a lasting one stays until it is removed', async () => {
    const { body } = await control('POST', 'faults', { match, kind: 'reset' });
    await expect(read()).rejects.toThrow();
    await expect(read()).rejects.toThrow();
    expect((await control('GET', 'faults')).body.find((f: { id: string }) => f.id === body.id)?.hits).toBe(2);
    await control('DELETE', `faults?id=${body.id}`);
    expect((await read()).name).toBe(WORLD.platformGroup);
  });

  test('a lost answer has had its effect', async () => {
    await control('POST', 'faults', { match: 'PUT .*/resourceGroups/lost$', kind: 'lostAnswer', times: 1 });
    await expect(client.resourceGroups.createOrUpdate('lost', { location: 'eastus' })).rejects.toThrow();
    expect((await client.resourceGroups.checkExistence('lost')).body).toBe(true);
  });

  test('a timeout stays silent and then cuts the connection', async () => {
    await control('POST', 'faults', { match, kind: 'timeout', ms: 300, times: 1 });
    const before = Date.now();
    await expect(read()).rejects.toThrow();
    expect(Date.now() - before).toBeGreaterThanOrEqual(290);
  });

  test('a wrong description is refused', async () => {
    expect(await control('POST', 'faults', { match: '(', kind: 'reset' })).toMatchObject({ status: 400 });
    expect(await control('POST', 'faults', { match, kind: 'explode' })).toMatchObject({ status: 400 });
  });
});

test('a lock set here stops a deletion', async () => {
  await client.resourceGroups.createOrUpdate('held', { location: 'eastus' });
  const scope = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/held`;
  const { body } = await control('POST', 'lock', { scope });
  await expect(client.resourceGroups.delete('held')).rejects.toMatchObject({ code: 'ScopeLocked' });
  expect(await control('DELETE', `lock?id=${encodeURIComponent(body.id)}`)).toMatchObject({ status: 204 });
});

test('delays can be changed, unknown ones are refused', async () => {
  expect((await control('POST', 'delays', { rolePropagation: 7 })).body).toMatchObject({
    rolePropagation: 7,
  });
  expect(await control('POST', 'delays', { coffee: 7 })).toMatchObject({ status: 400 });
});

test('calls are counted by service and by operation', async () => {
  const before = (await control('GET', 'calls')).body;
  await client.resourceGroups.get(WORLD.platformGroup);
  const { total, byService, byOperation, calls } = (await control('GET', 'calls?detail=1')).body;
  expect(total).toBe(before.total + 1);
  expect(byService.arm).toBe(before.byService.arm + 1);
  expect(byOperation['Microsoft.Resources/subscriptions/resourceGroups/read']).toBeGreaterThan(0);
  expect(calls.at(-1)).toMatchObject({ service: 'arm', status: 200, principal: WORLD.app.displayName });
});

test('a request for another host than loopback is refused', async () => {
  const { port } = new URL(fixture.standIn.addresses.controlUrl);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(
      { host: '127.0.0.1', port, path: '/control/secrets', headers: { host: 'evil.example' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

test('the proxy leads nowhere else', async () => {
  await expect(fetch('https://example.com/')).rejects.toThrow();
});
