import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS, type Operation } from '../../src/api/operations.ts';
import { request } from './support/http.ts';
import { type Target, target } from './support/target.ts';

const AUDIENCE = 'api://haymaker';
const CLIENT_ID = 'f6a0c9d2-4b1e-4c57-9a83-0d2e6b7c1f45';
const READER = ['HayMaker.Reader'];
const OPERATOR = ['HayMaker.Operator'];

/** What is expected of a credential: on a route that reads, and on one that changes something. `in` is any status but 401 and 403. */
const CREDENTIALS = [
  { name: 'no credential', send: undefined, get: 401, post: 401 },
  { name: 'the right role to read', send: { audience: AUDIENCE, roles: READER }, get: 'in', post: 403 },
  { name: 'the right role for all', send: { audience: AUDIENCE, roles: OPERATOR }, get: 'in', post: 'in' },
  {
    name: 'a token of version 2',
    send: { audience: CLIENT_ID, roles: OPERATOR, version: '2.0' },
    get: 'in',
    post: 'in',
  },
  { name: 'no role', send: { audience: AUDIENCE }, get: 403, post: 403 },
  {
    name: 'a role of another kind',
    send: { audience: AUDIENCE, roles: ['haymaker.operator'] },
    get: 403,
    post: 403,
  },
  {
    name: 'an expired token',
    send: { audience: AUDIENCE, roles: OPERATOR, expiresInSeconds: -300 },
    get: 401,
    post: 401,
  },
  {
    name: 'a token for Resource Manager',
    send: { audience: 'https://management.azure.com', roles: OPERATOR },
    get: 401,
    post: 401,
  },
  {
    name: 'a token of another tenant',
    send: {
      audience: AUDIENCE,
      roles: OPERATOR,
      issuer: 'https://sts.windows.net/00000000-1111-2222-3333-444444444444/',
    },
    get: 401,
    post: 401,
  },
  {
    name: 'a token signed by somebody else',
    send: { audience: AUDIENCE, roles: OPERATOR, key: 'other' },
    get: 401,
    post: 401,
  },
  {
    name: 'an unsigned token',
    send: { audience: AUDIENCE, roles: OPERATOR, key: 'none' },
    get: 401,
    post: 401,
  },
  { name: 'a token that is none', send: 'garbage', get: 401, post: 401 },
  { name: 'a key', send: 'key', get: 401, post: 401 },
] as const;

let at: Target;
const headers = new Map<string, Record<string, string>>();

beforeAll(async () => {
  at = await target({ API_AUTH: 'entra', API_AUDIENCE: `${AUDIENCE}, ${CLIENT_ID}` });
  for (const { name, send } of CREDENTIALS) headers.set(name, await headersFor(send));
});
afterAll(() => at?.stop());

async function headersFor(send: (typeof CREDENTIALS)[number]['send']): Promise<Record<string, string>> {
  if (send === undefined) return {};
  if (send === 'key') return { 'x-functions-key': 'any-key' };
  if (send === 'garbage') return { authorization: 'Bearer not.a.token' };
  const issued = await request<{ token: string }>(`${at.controlUrl}/control/tokens`, { body: send });
  if (issued.status !== 200) throw new Error(JSON.stringify(issued.body));
  return { authorization: `Bearer ${issued.body.token}` };
}

describe('with API_AUTH=entra', () => {
  const secured = OPERATIONS.filter(({ secured }) => secured);
  const matrix = secured.flatMap((route) => CREDENTIALS.map((credential) => ({ route, credential })));

  it.each(
    matrix.map((cell) => [`${cell.route.method} ${cell.route.path}`, cell.credential.name, cell] as const),
  )('%s with %s', async (_route, _credential, { route, credential }) => {
    const answer = await ask(route, headers.get(credential.name) ?? {});
    const expected = credential[route.method];
    if (expected === 'in') {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
      return;
    }
    expect(answer.status).toBe(expected);
    expect(answer.body.error.code).toBe(expected === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN');
    expect(answer.headers.get('www-authenticate')).toBe(expected === 401 ? 'Bearer' : null);
  });

  it.each(['/health', '/api/v1/health'])('%s needs no credential', async (path) => {
    expect((await request(`${at.url}${path}`)).status).toBe(200);
  });

  it('says nothing about the tenant’s keys when they cannot be had: nobody is let in', async () => {
    const fault = { match: 'GET login.microsoftonline.com', kind: 'status', status: 503, code: 'Down' };
    const added = await request(`${at.controlUrl}/control/faults`, { body: fault });
    expect(added.status).toBe(201);
    await at.stack?.host.restart();
    try {
      const answer = await ask(
        secured.find(({ name }) => name === 'api_status') as Operation,
        headers.get('the right role for all') ?? {},
      );
      expect([answer.status, answer.body.error.code]).toEqual([503, 'STORAGE_UNAVAILABLE']);
      expect(answer.headers.get('retry-after')).toBe('30');
    } finally {
      await request(`${at.controlUrl}/control/faults`, { method: 'DELETE' });
    }
  });
});

/** A request that changes nothing: ids that do not exist, a body without a scenario. */
function ask(route: Operation, credential: Record<string, string>) {
  const path = route.path.replace(/\{\w+\}/g, 'nothing');
  const body = route.name === 'api_cleanup' ? { execution_id: 'nothing' } : {};
  return request<{ error: { code: string } }>(`${at.url}${path}`, {
    method: route.method.toUpperCase(),
    headers: credential,
    ...(route.method === 'post' ? { body } : {}),
  });
}
