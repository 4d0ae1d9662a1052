import { plain } from './body.ts';
import { graph, type Json, rest } from './cloud.ts';
import type { Command } from './commands.ts';
import type { Invocation } from './invocation.ts';
import { CliError } from './session.ts';

/** `az ad …` and `az rest`, by Microsoft Graph. */
export const DIRECTORY_COMMANDS: Readonly<Record<string, Command>> = {
  'ad app create': (invocation) => graph('POST', '/applications', application(invocation)),
  'ad app list': (invocation) => search(invocation, '/applications'),
  'ad app show': async (invocation) => byId('/applications', invocation.need('id')),
  'ad app update': async (invocation) => {
    const { id } = await byId('/applications', invocation.need('id'));
    await graph('PATCH', `/applications/${id}`, application(invocation));
  },
  'ad app delete': async (invocation) => {
    const { id } = await byId('/applications', invocation.need('id'));
    await graph('DELETE', `/applications/${id}`);
  },
  'ad app credential list': async (invocation) => {
    const app = await byId('/applications', invocation.need('id'));
    return (invocation.has('cert') ? app.keyCredentials : app.passwordCredentials) ?? [];
  },
  'ad sp create': (invocation) => graph('POST', '/servicePrincipals', { appId: invocation.need('id') }),
  'ad sp list': (invocation) => search(invocation, '/servicePrincipals'),
  'ad sp show': (invocation) => byId('/servicePrincipals', invocation.need('id')),
  'ad sp update': async (invocation) => {
    const { id } = await byId('/servicePrincipals', invocation.need('id'));
    await graph('PATCH', `/servicePrincipals/${id}`, assignments(invocation));
  },
  'ad sp delete': async (invocation) => {
    const { id } = await byId('/servicePrincipals', invocation.need('id'));
    await graph('DELETE', `/servicePrincipals/${id}`);
  },
  rest: async (invocation) => {
    const body = invocation.value('body');
    return rest(
      (invocation.value('method') ?? 'get').toUpperCase(),
      invocation.need('url', 'uri'),
      body === undefined ? undefined : JSON.parse(body),
    );
  },
};

function application(invocation: Invocation): Json {
  const displayName = invocation.value('display-name');
  const audience = invocation.value('sign-in-audience');
  const roles = invocation.value('app-roles');
  return {
    ...(displayName ? { displayName } : {}),
    ...(audience ? { signInAudience: audience } : {}),
    ...(roles ? { appRoles: JSON.parse(roles) } : {}),
    ...assignments(invocation),
  };
}

function assignments(invocation: Invocation): Json {
  return Object.fromEntries(
    invocation.values('set').map((assignment) => {
      const at = assignment.indexOf('=');
      return [assignment.slice(0, at), plain([assignment.slice(at + 1)])];
    }),
  );
}

async function search(invocation: Invocation, collection: string): Promise<unknown> {
  const name = invocation.value('display-name');
  const filter = invocation.value('filter') ?? (name ? `displayName eq '${name}'` : undefined);
  const query = filter ? `?$filter=${encodeURIComponent(filter)}` : '';
  return (await graph('GET', `${collection}${query}`)).value;
}

/** An object id or an application id. */
async function byId(collection: string, id: string): Promise<Json> {
  const found = await findEither(collection, id);
  if (!found) throw new CliError(`(Request_ResourceNotFound) '${id}' does not exist.`, 3);
  return found;
}

async function findEither(collection: string, id: string): Promise<Json | undefined> {
  const filter = encodeURIComponent(`appId eq '${id}'`);
  const { value } = await graph('GET', `${collection}?$filter=${filter}`);
  if (Array.isArray(value) && value.length > 0) return Object(value[0]);
  return graph('GET', `${collection}/${id}`);
}
