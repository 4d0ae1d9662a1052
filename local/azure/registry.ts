import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { IDS, WORLD } from '../world.ts';
import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request, Service } from './core.ts';

export interface Registry extends Service {
  /** Whether a principal could pull `server/repository:tag` (or `@digest`) now; a sentence when it could not. */
  pullProblem(puller: Principal, image: string): string | undefined;
}

/** The manifest that the world's one image has. */
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: `sha256:${createHash('sha256').update('config').digest('hex')}`,
      size: 7_023,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: `sha256:${createHash('sha256').update('layer').digest('hex')}`,
        size: 32_654_321,
      },
    ],
  }),
);
const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`;
const [REPOSITORY = '', TAG = ''] = WORLD.image.split(':');
const PULL = 'Microsoft.ContainerRegistry/registries/pull/read';
const AUDIENCES = ['https://containerregistry.azure.net', 'https://management.azure.com'];
const REFRESH_MINUTES = 180;
const ACCESS_MINUTES = 75;

/**
 * The Azure Container Registry with the agent's image: the token exchange of ACR
 * (https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md) and the manifest calls of the distribution API.
 */
export function createRegistry(cloud: Cloud): Registry {
  const key = createSecretKey(randomBytes(32));

  const mayPull = (oid: string) => cloud.authorization.can(oid, PULL, IDS.registry);

  const sign = (claims: Record<string, unknown>, minutes: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('Azure Container Registry')
      .setAudience(WORLD.registry)
      .setIssuedAt(Math.floor(cloud.now() / 1_000))
      .setExpirationTime(Math.floor(cloud.now() / 1_000) + minutes * 60)
      .sign(key);

  const claimsOf = async (token: string | undefined): Promise<Record<string, unknown> | undefined> => {
    if (!token) return undefined;
    try {
      const { payload } = await jwtVerify(token, key, {
        audience: WORLD.registry,
        currentDate: new Date(cloud.now()),
      });
      return payload;
    } catch {
      return undefined;
    }
  };

  /** Entra access token to ACR refresh token. */
  async function exchange(form: URLSearchParams): Promise<Reply> {
    const accessToken = form.get('access_token');
    if (form.get('grant_type') !== 'access_token' || !accessToken) {
      return registryError(400, 'UNSUPPORTED', 'grant_type must be access_token, with an access_token.');
    }
    try {
      const { principal } = await cloud.tokens.verify(accessToken, AUDIENCES);
      return {
        status: 200,
        body: { refresh_token: await sign({ grant: 'refresh', oid: principal.oid }, REFRESH_MINUTES) },
      };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return registryError(401, 'UNAUTHORIZED', `The Entra access token was not accepted: ${reason}`);
    }
  }

  /** ACR refresh token to an access token for a scope; what the principal may not do is left out of it, as ACR does. */
  async function accessToken(form: URLSearchParams): Promise<Reply> {
    const claims = await claimsOf(form.get('refresh_token') ?? undefined);
    if (claims?.grant !== 'refresh') {
      return registryError(401, 'UNAUTHORIZED', 'authentication required: the refresh token is not valid.');
    }
    const oid = String(claims.oid);
    const [, repository] = (form.get('scope') ?? '').split(':');
    const access =
      mayPull(oid) && repository ? [{ type: 'repository', name: repository, actions: ['pull'] }] : [];
    return {
      status: 200,
      body: { access_token: await sign({ grant: 'access', oid, access }, ACCESS_MINUTES) },
    };
  }

  async function manifest(request: Request, repository: string, reference: string): Promise<Reply> {
    const claims = await claimsOf(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]);
    const access = (claims?.grant === 'access' ? claims.access : []) as { name: string }[];
    if (!access.some(({ name }) => name === repository)) return challenge(repository);
    if (!exists(repository, reference)) {
      return registryError(404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`, {
        detail: { Name: repository, Revision: reference },
      });
    }
    return {
      status: 200,
      headers: { 'content-type': MEDIA_TYPE, 'docker-content-digest': DIGEST },
      ...(request.method === 'GET' ? { body: MANIFEST } : {}),
    };
  }

  return {
    name: 'registry',
    hosts: new RegExp(`^${WORLD.registry.replaceAll('.', '\\.')}$`, 'i'),
    audiences: [],
    async handle(request) {
      const { method, path } = request;
      const form = () => new URLSearchParams(request.body.toString('utf8'));
      if (method === 'POST' && path === '/oauth2/exchange')
        return { ...(await exchange(form())), operation: 'oauth2/exchange' };
      if (method === 'POST' && path === '/oauth2/token')
        return { ...(await accessToken(form())), operation: 'oauth2/token' };
      const [, repository, reference] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(path) ?? [];
      if ((method === 'GET' || method === 'HEAD') && repository && reference) {
        return { ...(await manifest(request, repository, reference)), operation: PULL };
      }
      return registryError(404, 'UNSUPPORTED', `There is no ${method} ${path} here.`);
    },
    pullProblem(puller, image) {
      const [, server, repository, , tag, digest] =
        /^([^/]+)\/([^:@]+)(:([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
      const reference = digest ?? tag ?? 'latest';
      if (server?.toLowerCase() !== WORLD.registry || !repository)
        return `There is no registry for the image ${image}.`;
      if (!mayPull(puller.oid)) return `UNAUTHORIZED: ${puller.displayName} may not pull from ${server}.`;
      return exists(repository, reference)
        ? undefined
        : `MANIFEST_UNKNOWN: manifest tagged by "${reference}" is not found in ${server}/${repository}.`;
    },
  };
}

function exists(repository: string, reference: string): boolean {
  return repository === REPOSITORY && (reference === TAG || reference === DIGEST);
}

function challenge(repository: string): Reply {
  return registryError(
    401,
    'UNAUTHORIZED',
    'authentication required, visit https://aka.ms/acr/authorization for more information.',
    {
      headers: {
        'www-authenticate': `Bearer realm="https://${WORLD.registry}/oauth2/token",service="${WORLD.registry}",scope="repository:${repository}:pull"`,
        'docker-distribution-api-version': 'registry/2.0',
      },
    },
  );
}

function registryError(
  status: number,
  code: string,
  message: string,
  extra: { headers?: Record<string, string>; detail?: unknown } = {},
): Reply {
  return {
    status,
    body: { errors: [{ code, message, ...(extra.detail ? { detail: extra.detail } : {}) }] },
    ...(extra.headers ? { headers: extra.headers } : {}),
  };
}
