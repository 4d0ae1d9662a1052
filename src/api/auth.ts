import { createHash } from 'node:crypto';
import type { HttpRequest } from '@azure/functions';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { ensureError, Unavailable } from '../domain/errors.ts';
import type { Services } from '../services.ts';
import { ApiError } from './errors.ts';

/** App roles of the application that stands for this API in Entra. */
const ROLES = { reader: 'HayMaker.Reader', operator: 'HayMaker.Operator' } as const;

/** What a route asks of its caller. An operator may read, too. */
export type Role = keyof typeof ROLES;

const KEYS_TIMEOUT_MS = 5_000;
const CLOCK_TOLERANCE_SECONDS = 60;

/** jose's errors that are about the token; every other failure is about fetching the tenant's keys. */
const BAD_TOKEN =
  /^ERR_(JWT_|JWS_|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS)/;

/**
 * Who asks, when he may: a text that tells callers apart. With API_AUTH=key the platform has checked the key already.
 * With API_AUTH=entra the bearer token must be signed by the tenant (RS256), for this API, in time, and carry the role.
 * @throws ApiError 401 or 403; Unavailable when the tenant's keys cannot be fetched
 */
export async function authorize(request: HttpRequest, role: Role, services: Services): Promise<string> {
  const { api } = services.config;
  if (api.auth === 'key') {
    const key = request.headers.get('x-functions-key') ?? request.query.get('code') ?? 'anonymous';
    return createHash('sha256').update(key).digest('hex');
  }
  const tenantId = api.tenantId ?? (await services.target()).tenantId;
  const claims = await verify(bearerToken(request), tenantId, api.audiences);
  requireRole(claims, role);
  return String(claims.oid ?? claims.sub ?? claims.azp ?? claims.appid ?? 'unknown');
}

function bearerToken(request: HttpRequest): string {
  const header = request.headers.get('authorization') ?? '';
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header.trim())?.[1];
  if (!token) throw unauthorized('Send an Entra token: "Authorization: Bearer <token>".');
  return token;
}

async function verify(token: string, tenantId: string, audiences: readonly string[]): Promise<JWTPayload> {
  const { jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(token, await tenantKeys(tenantId), {
      algorithms: ['RS256'],
      issuer: [`https://sts.windows.net/${tenantId}/`, `https://login.microsoftonline.com/${tenantId}/v2.0`],
      audience: [...audiences],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'aud', 'iss'],
    });
    return payload;
  } catch (thrown) {
    throw refusal(thrown, audiences);
  }
}

function refusal(thrown: unknown, audiences: readonly string[]): Error {
  const error = ensureError(thrown);
  const code = 'code' in error ? String(error.code) : '';
  if (!BAD_TOKEN.test(code)) {
    return new Unavailable(
      `reading the tenant's signing keys: ${error.message}. Check login.microsoftonline.com.`,
      {
        cause: error,
      },
    );
  }
  if (code === 'ERR_JWT_EXPIRED') return unauthorized('The token has expired. Get a new one.');
  const claim = 'claim' in error ? String(error.claim) : '';
  if (claim === 'aud')
    return unauthorized(`The token is for something else. Get one for ${audiences.join(' or ')}.`);
  if (claim === 'iss') return unauthorized('The token comes from another tenant.');
  return unauthorized('The token is not valid here.');
}

const keys = new Map<string, Promise<JWTVerifyGetKey>>();

/** The tenant's signing keys; jose fetches them when needed, keeps them, and asks again for a key id it does not know. */
function tenantKeys(tenantId: string): Promise<JWTVerifyGetKey> {
  const known = keys.get(tenantId);
  if (known) return known;
  const made = import('jose').then(({ createRemoteJWKSet }) =>
    createRemoteJWKSet(new URL(`https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`), {
      timeoutDuration: KEYS_TIMEOUT_MS,
    }),
  );
  keys.set(tenantId, made);
  return made;
}

function requireRole(claims: JWTPayload, role: Role): void {
  const given: unknown[] = Array.isArray(claims.roles) ? claims.roles : [];
  const enough = role === 'reader' ? [ROLES.reader, ROLES.operator] : [ROLES.operator];
  if (enough.some((one) => given.includes(one))) return;
  throw new ApiError(
    403,
    'FORBIDDEN',
    `This needs the app role ${enough[0]}. Ask an administrator of the application to assign it.`,
    { details: { role: enough[0] } },
  );
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, 'UNAUTHORIZED', message, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
