import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Principal } from './core.ts';

const LIFETIME_SECONDS = 3_600;

/** What a verified token says. */
export interface VerifiedToken {
  readonly principal: Principal;
  readonly audience: string;
}

/** Signs and checks the tenant's access tokens. */
export interface TokenIssuer {
  readonly tenantId: string;
  /** A signed access token and its end of life in seconds since the epoch. */
  issue(principal: Principal, audience: string): Promise<{ token: string; expiresOn: number }>;
  /** Throws jose's error when the token is forged, expired or made for something else. */
  verify(token: string, audiences: readonly string[]): Promise<VerifiedToken>;
  /** Claims as they are, signed with the tenant's key. */
  sign(claims: JWTPayload): Promise<string>;
  /** Public keys, as Entra publishes them. */
  readonly keys: readonly JWK[];
}

/** `https://management.azure.com/.default` and `https://management.azure.com/` name the same audience. */
export function audienceOf(scopeOrResource: string): string {
  return scopeOrResource.replace(/\/\.default$/, '').replace(/\/+$/, '');
}

/**
 * Makes an issuer with a new RS256 key. `rolesOf` gives the application permissions of a principal at an API, for
 * the `roles` claim of its tokens for that API.
 */
export async function createTokenIssuer(
  tenantId: string,
  rolesOf: (oid: string, audience: string) => readonly string[],
  now: () => number,
): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = `${tenantId.slice(0, 8)}-1`;
  const key: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  const issuer = `https://sts.windows.net/${tenantId}/`;

  const sign = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);

  return {
    tenantId,
    keys: [key],
    sign,
    async issue(principal, audience) {
      const issuedAt = Math.floor(now() / 1000);
      const expiresOn = issuedAt + LIFETIME_SECONDS;
      const roles = rolesOf(principal.oid, audience);
      const token = await sign({
        tid: tenantId,
        oid: principal.oid,
        appid: principal.appId,
        app_displayname: principal.displayName,
        idtyp: 'app',
        ver: '1.0',
        ...(roles.length > 0 ? { roles: [...roles] } : {}),
        iss: issuer,
        sub: principal.oid,
        aud: audience,
        iat: issuedAt,
        nbf: issuedAt - 300,
        exp: expiresOn,
      });
      return { token, expiresOn };
    },
    async verify(token, audiences) {
      const accepted = audiences.flatMap((a) => [audienceOf(a), `${audienceOf(a)}/`]);
      const { payload } = await jwtVerify(token, publicKey, {
        issuer,
        audience: accepted,
        algorithms: ['RS256'],
        currentDate: new Date(now()),
      });
      const principal = {
        oid: String(payload.oid),
        appId: String(payload.appid),
        displayName: String(payload.app_displayname),
      };
      return { principal, audience: audienceOf(String(payload.aud)) };
    },
  };
}
