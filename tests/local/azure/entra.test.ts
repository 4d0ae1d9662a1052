import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { IDS, WORLD } from '../../../local/world.ts';
import { type StandInFixture, withStandIn } from '../../support/standIn.ts';
import { until } from '../../support/until.ts';
import { plainFetch } from './client.ts';

const Discovery = z.object({ issuer: z.url(), jwks_uri: z.url() });
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const ARM = 'https://management.azure.com/.default';

let fixture: StandInFixture;
beforeAll(async () => {
  fixture = await withStandIn({ delays: { graphReplication: 150 } });
}, 30_000);
afterAll(() => fixture[Symbol.asyncDispose]());

/** An application with a service principal and a secret, as the app makes them. */
function makeClient(endDateTime?: string) {
  const { directory } = fixture.standIn.state;
  const application = directory.createApplication({ displayName: 'client' }, WORLD.app.oid);
  const servicePrincipal = directory.createServicePrincipal(application, [], WORLD.app.oid);
  const { secretText } = directory.addPassword(application, endDateTime ? { endDateTime } : {});
  return { appId: application.appId, oid: servicePrincipal.id, secretText, application };
}

const credential = (appId: string, secret: string) =>
  new ClientSecretCredential(WORLD.tenantId, appId, secret);
const refusal = (appId: string, secret: string) =>
  credential(appId, secret)
    .getToken(ARM)
    .then(
      () => 'a token',
      (error: Error) => /AADSTS\d+/.exec(error.message)?.[0] ?? error.message,
    );

describe('a client secret', () => {
  test('buys a token that verifies with the published keys', async () => {
    const { appId, oid, secretText } = makeClient();
    expect(await refusal(appId, secretText)).toBe('AADSTS700016');
    const { token } = await until(async () => {
      if ((await refusal(appId, secretText)) !== 'a token') return false;
      return credential(appId, secretText).getToken(ARM);
    });
    const authority = `https://login.microsoftonline.com/${WORLD.tenantId}`;
    const discovery = Discovery.parse(
      await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).json(),
    );
    const keys = createLocalJWKSet(KeySet.parse(await (await fetch(discovery.jwks_uri)).json()));
    const { payload } = await jwtVerify(token, keys, {
      issuer: discovery.issuer,
      audience: 'https://management.azure.com',
      algorithms: ['RS256'],
    });
    expect(payload).toMatchObject({ oid, appid: appId, tid: WORLD.tenantId });
    expect(payload).not.toHaveProperty('roles');
  });

  test('that is wrong is refused', async () => {
    const { appId } = makeClient();
    await until(async () => (await refusal(appId, 'wrong')) === 'AADSTS7000215');
  });

  test('that has expired is refused', async () => {
    const { appId, secretText } = makeClient(new Date(Date.now() - 1_000).toISOString());
    await until(async () => (await refusal(appId, secretText)) === 'AADSTS7000222');
  });

  test('dies with its application', async () => {
    const { appId, secretText, application } = makeClient();
    await until(async () => (await refusal(appId, secretText)) === 'a token');
    fixture.standIn.state.directory.softDeleteApplication(application);
    expect(await refusal(appId, secretText)).toBe('AADSTS700016');
  });
});

describe('the managed identity endpoint', () => {
  test('speaks for the app without a selector', async () => {
    const token = await new ManagedIdentityCredential().getToken('https://graph.microsoft.com/.default');
    const claims = JSON.parse(Buffer.from(token.token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ oid: WORLD.app.oid, roles: ['Application.ReadWrite.OwnedBy'] });
  });

  const ask = async (header: string, selector: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      'api-version': '2019-08-01',
      resource: 'https://vault.azure.net',
      ...selector,
    });
    const response = await plainFetch(`${fixture.standIn.addresses.identityEndpoint}?${query}`, {
      headers: { 'x-identity-header': header },
    });
    return { status: response.status, body: await response.json() };
  };

  test('gives a container only the identities that it was granted', async () => {
    const { identities } = fixture.standIn.state;
    identities.grant('container', [WORLD.eventsIdentity]);
    const granted = await ask('container', { mi_res_id: IDS.eventsIdentity });
    expect(granted.body).toMatchObject({ client_id: WORLD.eventsIdentity.appId });
    expect(await ask('container', { client_id: WORLD.eventsIdentity.appId })).toMatchObject({ status: 200 });
    expect(await ask('container', { mi_res_id: IDS.agentIdentity })).toMatchObject({ status: 400 });
    expect(await ask('container')).toMatchObject({ status: 400 });
    identities.revoke('container');
    expect(await ask('container', { mi_res_id: IDS.eventsIdentity })).toMatchObject({ status: 401 });
  });

  test('knows no other header', async () => {
    expect(await ask('guess')).toMatchObject({ status: 401 });
  });
});
