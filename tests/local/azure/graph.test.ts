import { Client, type GraphError } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../../local/azure/core.ts';
import { WORLD } from '../../../local/world.ts';
import { type StandInFixture, withStandIn } from '../../support/standIn.ts';
import { until } from '../../support/until.ts';
import { credentialFor } from './client.ts';

let fixture: StandInFixture;
let graph: Client;
beforeAll(async () => {
  fixture = await withStandIn({ delays: { graphReplication: 200 } });
  graph = clientFor(WORLD.app);
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

function clientFor(principal: Principal): Client {
  const authProvider = new TokenCredentialAuthenticationProvider(
    credentialFor(fixture.standIn.state, principal),
    { scopes: ['https://graph.microsoft.com/.default'] },
  );
  return Client.initWithMiddleware({ authProvider });
}

function stranger(roles: string[]): Client {
  const principal = { oid: crypto.randomUUID(), appId: crypto.randomUUID(), displayName: 'stranger' };
  const { directory } = fixture.standIn.state;
  directory.addManagedIdentity(principal);
  directory.appRoles.set(principal.oid, roles);
  return clientFor(principal);
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => 'no failure',
    (error: GraphError) => `${error.statusCode} ${error.code}`,
  );
const upsert = (uniqueName: string, body: object = { displayName: uniqueName }) =>
  graph.api(`/applications(uniqueName='${uniqueName}')`).header('Prefer', 'create-if-missing').patch(body);
const exists = (call: Promise<unknown>) => failure(call).then((answer) => answer === 'no failure');

/** An application that other calls can see. */
async function make(uniqueName: string, tags: string[] = []) {
  const app: { id: string; appId: string } = await upsert(uniqueName, { displayName: uniqueName, tags });
  await until(() => exists(graph.api(`/applications/${app.id}`).get()));
  return app;
}

describe('an application', () => {
  test('is made by the first of two equal requests', async () => {
    const made = await upsert('graph-twice');
    expect(made).toMatchObject({ uniqueName: 'graph-twice' });
    expect(await upsert('graph-twice')).toBeUndefined();
    const all = [...fixture.standIn.state.directory.applications.values()];
    expect(all.filter((a) => a.uniqueName === 'graph-twice')).toHaveLength(1);
  });

  test('is not seen before it has replicated, by any key and in no list', async () => {
    const { id } = await upsert('graph-late');
    const { appId } = fixture.standIn.state.directory.applications.get(id) ?? {};
    const missing = '404 Request_ResourceNotFound';
    expect(await failure(graph.api(`/applications/${id}`).get())).toBe(missing);
    expect(await failure(graph.api(`/applications/${id}/addPassword`).post({}))).toBe(missing);
    expect(await failure(graph.api('/servicePrincipals').post({ appId }))).toBe('400 Request_BadRequest');
    await until(() => exists(graph.api("/applications(uniqueName='graph-late')").get()));
  });

  test('keeps its unique name', async () => {
    const { id } = await make('graph-name');
    expect(await failure(graph.api(`/applications/${id}`).patch({ uniqueName: 'other' }))).toBe(
      '400 Request_BadRequest',
    );
  });

  test('shows the text of a secret once', async () => {
    const { id } = await make('graph-secret');
    const { secretText, keyId } = await graph
      .api(`/applications/${id}/addPassword`)
      .post({ passwordCredential: { displayName: 'agent' } });
    expect(fixture.standIn.state.secretsIssued.list().map((s) => s.text)).toContain(secretText);
    expect(JSON.stringify(await graph.api(`/applications/${id}`).get())).not.toContain(secretText);
    await graph.api(`/applications/${id}/removePassword`).post({ keyId });
    expect((await graph.api(`/applications/${id}`).get()).passwordCredentials).toEqual([]);
  });

  test('takes its service principal along, and both stay among the deleted until purged', async () => {
    const { id, appId } = await make('graph-gone');
    const principal = await graph.api('/servicePrincipals').post({ appId });
    expect(await failure(graph.api('/servicePrincipals').post({ appId }))).toBe(
      '409 Request_MultipleObjectsWithSameKeyValue',
    );
    await graph.api(`/applications/${id}`).delete();
    const deleted = async (kind: string): Promise<string[]> => {
      const page = await graph.api(`/directory/deletedItems/microsoft.graph.${kind}`).get();
      return page.value.map((item: { id: string }) => item.id);
    };
    await until(async () => (await deleted('application')).includes(id));
    expect(await deleted('servicePrincipal')).toContain(principal.id);
    await graph.api(`/directory/deletedItems/${id}`).delete();
    expect(await deleted('application')).not.toContain(id);
    expect(await deleted('servicePrincipal')).not.toContain(principal.id);
  });
});

describe('a list', () => {
  test('filters by tag and by the start of the name, page by page', async () => {
    for (const n of [1, 2, 3]) await make(`graph-list-${n}`, ['RunId:listed']);
    const first = await graph.api('/applications').filter("tags/any(t:t eq 'RunId:listed')").top(2).get();
    expect(first.value).toHaveLength(2);
    const second = await graph.api(first['@odata.nextLink']).get();
    expect(second.value).toHaveLength(1);
    const named = await graph
      .api('/applications')
      .filter("startswith(displayName,'graph-list-')")
      .select('id,displayName')
      .get();
    expect(Object.keys(named.value[0])).toEqual(['id', 'displayName']);
  });

  test('wants ConsistencyLevel and $count for an advanced query', async () => {
    const filter = "startswith(uniqueName,'graph-')";
    expect(await failure(graph.api('/applications').filter(filter).get())).toBe(
      '400 Request_UnsupportedQuery',
    );
    const advanced = graph.api('/applications').filter(filter).count().header('ConsistencyLevel', 'eventual');
    expect(await exists(advanced.get())).toBe(true);
  });

  test('refuses a filter that the stand-in does not know', async () => {
    const asked = graph.api('/applications').filter("endswith(displayName,'x')").get();
    expect(await failure(asked)).toBe('400 Request_UnsupportedQuery');
  });
});

describe('permissions', () => {
  const denied = '403 Authorization_RequestDenied';

  test('without any, nothing can be read', async () => {
    expect(await failure(stranger([]).api('/applications').get())).toBe(denied);
  });

  test('OwnedBy reaches only what the caller made', async () => {
    const { id } = await make('graph-owned');
    const other = stranger(['Application.ReadWrite.OwnedBy']);
    expect(await exists(other.api(`/applications/${id}`).get())).toBe(true);
    expect(await failure(other.api(`/applications/${id}`).delete())).toBe(denied);
    expect(await failure(other.api(`/applications/${id}/addPassword`).post({}))).toBe(denied);
    await graph.api(`/applications/${id}`).delete();
    expect(await failure(other.api(`/directory/deletedItems/${id}`).delete())).toBe(denied);
  });
});
