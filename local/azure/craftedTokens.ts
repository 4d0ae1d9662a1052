import { randomUUID } from 'node:crypto';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import type { Cloud } from './cloud.ts';

/** A caller's token for an API of the tenant's own, right or wrong in the way a test needs. */
export const CraftedToken = z.strictObject({
  audience: z.string(),
  roles: z.array(z.string()).default([]),
  version: z.enum(['1.0', '2.0']).default('1.0'),
  /** Another tenant's issuer, say; that of this tenant when left out. */
  issuer: z.string().optional(),
  /** Negative for a token that has expired. */
  expiresInSeconds: z.number().default(3_600),
  /** `other` signs with a key that the tenant does not publish, under the id of the one it does. */
  key: z.enum(['tenant', 'other', 'none']).default('tenant'),
});
export type CraftedToken = z.infer<typeof CraftedToken>;

/** A token as it was asked for. */
export async function craftToken(cloud: Cloud, wanted: CraftedToken): Promise<string> {
  const { tokens } = cloud;
  const now = Math.floor(cloud.now() / 1_000);
  const issuers = {
    '1.0': `https://sts.windows.net/${tokens.tenantId}/`,
    '2.0': `https://login.microsoftonline.com/${tokens.tenantId}/v2.0`,
  };
  const claims = {
    tid: tokens.tenantId,
    oid: randomUUID(),
    ver: wanted.version,
    iss: wanted.issuer ?? issuers[wanted.version],
    aud: wanted.audience,
    roles: wanted.roles,
    iat: now - 7_200,
    nbf: now - 7_200,
    exp: now + wanted.expiresInSeconds,
  };
  switch (wanted.key) {
    case 'tenant':
      return tokens.sign(claims);
    case 'other': {
      const { privateKey } = await generateKeyPair('RS256');
      const kid = tokens.keys[0]?.kid ?? '';
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);
    }
    case 'none':
      return new UnsecuredJWT(claims).encode();
  }
}
