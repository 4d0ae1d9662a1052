import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { IDS, WORLD } from '../world.ts';
import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request, Service } from './core.ts';
import { type DeletedSecret, type SecretInput, SecretStore, type SecretVersion } from './keyVaultStore.ts';

/** What a Key Vault reference resolves to, or why it does not. */
export type ResolvedSecret = { readonly value: string } | { readonly problem: string };

export interface KeyVault extends Service {
  readonly secrets: SecretStore;
  /** Reads a secret by its URL as `reader`, the way Container Apps resolves a Key Vault reference. */
  resolve(reader: Principal, secretUrl: string): ResolvedSecret;
}

const HOST = new URL(WORLD.keyVaultUrl).host;
const AUDIENCE = 'https://vault.azure.net';
const MAX_PAGE = 25;
const RETENTION_DAYS = 90;
const MAX_VALUE_LENGTH = 25_000;

const Body = z.looseObject({
  value: z.string().optional(),
  contentType: z.string().max(255).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  attributes: z
    .looseObject({
      enabled: z.boolean().optional(),
      nbf: z.number().int().optional(),
      exp: z.number().int().optional(),
    })
    .optional(),
});

/**
 * The data plane of the world's vault: secrets with versions, soft deletion and Azure RBAC
 * (https://learn.microsoft.com/rest/api/keyvault/secrets). Holds a random `anthropic-api-key` from the start.
 */
export function createKeyVault(cloud: Cloud): KeyVault {
  const secrets = new SecretStore(cloud.now, () => cloud.delays.secretDelete);
  const apiKey = `sk-ant-api03-${randomBytes(36).toString('base64url')}`;
  cloud.secretsIssued.record('key-vault', 'anthropic-api-key', apiKey);
  secrets.set('anthropic-api-key', { value: apiKey });

  const allowed = (principal: Principal, verb: string, name: string | undefined) =>
    cloud.authorization.can(
      principal.oid,
      dataAction(verb),
      name ? `${IDS.keyVault}/secrets/${name}` : IDS.keyVault,
      'dataAction',
    );

  return {
    name: 'key-vault',
    hosts: new RegExp(`^${HOST.replaceAll('.', '\\.')}$`, 'i'),
    audiences: [AUDIENCE],
    secrets,

    challenge: (_request, reason) => ({
      ...keyVaultError(401, 'Unauthorized', reason ?? 'AKV10000: Request is missing a Bearer or PoP token.'),
      headers: {
        'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${WORLD.tenantId}", resource="${AUDIENCE}"`,
      },
    }),

    handle(request) {
      const route = parseRoute(request);
      if (!route) return keyVaultError(404, 'NotFound', `There is no ${request.method} ${request.path}.`);
      const operation = dataAction(route.verb);
      if (!request.query['api-version']) {
        return keyVaultError(400, 'BadParameter', 'The api-version query parameter is missing.');
      }
      if (!request.principal || !allowed(request.principal, route.verb, route.name)) {
        return { ...forbidden(request.principal, operation, route.name), operation };
      }
      return { ...answer(secrets, route, request), operation };
    },

    resolve(reader, secretUrl) {
      const { host, pathname } = new URL(secretUrl);
      const [, , name, version] = pathname.split('/');
      if (host.toLowerCase() !== HOST || !name)
        return { problem: `There is no Key Vault secret at ${secretUrl}.` };
      if (!allowed(reader, 'getSecret', name)) {
        return {
          problem: `Unable to get value using Managed identity ${reader.displayName} for secret ${secretUrl}: the identity lacks ${dataAction('getSecret')}.`,
        };
      }
      const secret = secrets.get(name, version || undefined);
      return secret
        ? { value: secret.value }
        : { problem: `Unable to get value for secret ${secretUrl}: the secret was not found in the vault.` };
    },
  };
}

type Verb = 'getSecret' | 'setSecret' | 'delete' | 'readMetadata' | 'purge' | 'recover' | 'update';

interface Route {
  readonly verb: Verb;
  readonly kind: 'live' | 'versions' | 'deleted';
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function dataAction(verb: string): string {
  return `Microsoft.KeyVault/vaults/secrets/${verb}/action`;
}

/** Which operation a path and method mean; undefined when there is none. */
function parseRoute({ method, path }: Request): Route | undefined {
  const [, collection, name, third] = path.split('/');
  const route = (verb: Verb, kind: Route['kind'], version?: string): Route => ({ verb, kind, name, version });
  if (collection === 'secrets') {
    if (!name) return method === 'GET' ? route('readMetadata', 'live') : undefined;
    if (third === 'versions') return method === 'GET' ? route('readMetadata', 'versions') : undefined;
    if (method === 'GET') return route('getSecret', 'live', third);
    if (method === 'PATCH') return route('update', 'live', third);
    if (method === 'PUT' && !third) return route('setSecret', 'live');
    if (method === 'DELETE' && !third) return route('delete', 'live');
  }
  if (collection === 'deletedsecrets') {
    if (method === 'GET' && !third) return route('readMetadata', 'deleted');
    if (method === 'DELETE' && name && !third) return route('purge', 'deleted');
    if (method === 'POST' && name && third === 'recover') return route('recover', 'deleted');
  }
  return undefined;
}

function answer(secrets: SecretStore, route: Route, request: Request): Reply {
  const { name, version } = route;
  if (!name) {
    return route.kind === 'deleted'
      ? page(
          request,
          secrets
            .allDeleted()
            .filter((one) => secrets.isVisible(one))
            .map(deletedItem),
        )
      : page(
          request,
          secrets.list().map((one) => listItem(one)),
        );
  }
  if (route.kind === 'versions')
    return page(
      request,
      secrets.versions(name).map((one) => listItem(one, true)),
    );
  if (route.kind === 'deleted') return answerDeleted(secrets, route.verb, name);
  switch (route.verb) {
    case 'setSecret':
      return setSecret(secrets, name, request);
    case 'update': {
      const input = Body.safeParse(request.json);
      if (!input.success) return badParameter(input.error);
      const changed = secrets.update(name, version, input.data as SecretInput);
      return changed ? { status: 200, body: listItem(changed, true) } : notFound(name);
    }
    case 'delete': {
      const deleted = secrets.delete(name);
      return deleted ? { status: 200, body: deletedBundle(deleted) } : notFound(name);
    }
    default: {
      const secret = secrets.get(name, version);
      if (!secret) return notFound(name);
      if (secret.attributes.enabled) return { status: 200, body: bundle(secret) };
      return keyVaultError(
        403,
        'Forbidden',
        'Operation get is not allowed on a disabled secret.',
        'SecretDisabled',
      );
    }
  }
}

function answerDeleted(secrets: SecretStore, verb: Verb, name: string): Reply {
  const deleted = secrets.findDeleted(name);
  if (!deleted) return keyVaultError(404, 'SecretNotFound', `Deleted Secret not found: ${name}`);
  if (!secrets.isVisible(deleted)) {
    return verb === 'readMetadata'
      ? keyVaultError(404, 'SecretNotFound', `Deleted Secret not found: ${name}`)
      : beingDeleted(name);
  }
  if (verb === 'readMetadata') return { status: 200, body: deletedBundle(deleted) };
  if (verb === 'purge') {
    secrets.purge(deleted);
    return { status: 204 };
  }
  const recovered = deleted.purgedAt === undefined ? secrets.recover(deleted) : undefined;
  return recovered ? { status: 200, body: listItem(recovered, true) } : beingDeleted(name);
}

function setSecret(secrets: SecretStore, name: string, request: Request): Reply {
  const input = Body.safeParse(request.json);
  if (!input.success) return badParameter(input.error);
  const { value } = input.data;
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) {
    return keyVaultError(
      400,
      'BadParameter',
      `The secret name '${name}' may only hold 0-9, a-z, A-Z and hyphens.`,
    );
  }
  if (value === undefined) return keyVaultError(400, 'BadParameter', 'The property value is required.');
  if (value.length > MAX_VALUE_LENGTH) {
    return keyVaultError(400, 'BadParameter', `The secret is longer than ${MAX_VALUE_LENGTH} characters.`);
  }
  const deleted = secrets.findDeleted(name);
  if (deleted && (deleted.purgedAt !== undefined || !secrets.isVisible(deleted))) return beingDeleted(name);
  if (deleted) {
    return keyVaultError(
      409,
      'Conflict',
      `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      'ObjectIsDeletedButRecoverable',
    );
  }
  return { status: 200, body: bundle(secrets.set(name, { ...(input.data as SecretInput), value })) };
}

/** One page of a list, with `maxresults` (25 at most) and a nextLink that carries the place. */
function page(request: Request, items: unknown[]): Reply {
  const size = Math.min(Number(request.query.maxresults ?? MAX_PAGE), MAX_PAGE);
  const from = Number(request.query.$skiptoken ?? 0);
  const next = from + size;
  const query = new URLSearchParams({ ...request.query, $skiptoken: String(next) });
  const nextLink = next < items.length ? `https://${HOST}${request.path}?${query}` : null;
  return { status: 200, body: { value: items.slice(from, next), nextLink } };
}

function attributes(secret: SecretVersion) {
  return { ...secret.attributes, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: RETENTION_DAYS };
}

function listItem(secret: SecretVersion, withVersion = false) {
  return {
    id: `https://${HOST}/secrets/${secret.name}${withVersion ? `/${secret.version}` : ''}`,
    attributes: attributes(secret),
    ...(secret.contentType === undefined ? {} : { contentType: secret.contentType }),
    ...(secret.tags === undefined ? {} : { tags: secret.tags }),
  };
}

function bundle(secret: SecretVersion) {
  return { value: secret.value, ...listItem(secret, true) };
}

function recovery(deleted: DeletedSecret) {
  const deletedDate = Math.floor(deleted.deletedAt / 1_000);
  return {
    recoveryId: `https://${HOST}/deletedsecrets/${deleted.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + RETENTION_DAYS * 86_400,
  };
}

function deletedBundle(deleted: DeletedSecret) {
  const newest = deleted.versions.at(-1);
  return { ...recovery(deleted), ...(newest ? listItem(newest, true) : {}) };
}

function deletedItem(deleted: DeletedSecret) {
  const newest = deleted.versions.at(-1);
  return { ...recovery(deleted), ...(newest ? listItem(newest) : {}) };
}

function notFound(name: string): Reply {
  return keyVaultError(
    404,
    'SecretNotFound',
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
  );
}

function beingDeleted(name: string): Reply {
  return keyVaultError(409, 'Conflict', `Secret ${name} is currently being deleted.`, 'ObjectIsBeingDeleted');
}

function badParameter(error: z.ZodError): Reply {
  return keyVaultError(400, 'BadParameter', z.prettifyError(error));
}

function forbidden(principal: Principal | undefined, action: string, name: string | undefined): Reply {
  return keyVaultError(
    403,
    'Forbidden',
    `Caller is not authorized to perform action on resource. If role assignments, deny assignments or role definitions were changed recently, please observe propagation time. Caller: appid=${principal?.appId};oid=${principal?.oid} Action: '${action}' Resource: '${IDS.keyVault.toLowerCase()}${name ? `/secrets/${name}` : ''}'`,
    'ForbiddenByRbac',
  );
}

function keyVaultError(status: number, code: string, message: string, innerCode?: string): Reply {
  return {
    status,
    body: { error: { code, message, ...(innerCode ? { innererror: { code: innerCode } } : {}) } },
  };
}
