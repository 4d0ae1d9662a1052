import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Rejected } from '../domain/errors.ts';
import { azureCall } from './call.ts';

const Claims = z.object({
  oid: z.string().optional(),
  tid: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

/** Who a token speaks for (`oid`), in which tenant (`tid`) and with which application permissions (`roles`). */
export interface TokenClaims {
  oid?: string;
  tid?: string;
  roles: string[];
}

/**
 * The claims of the credential's token for `scope`. The token comes straight from Entra over TLS and is only looked
 * at, so its signature is not verified. Denied or Unavailable when no token is given.
 */
export async function tokenClaims(credential: TokenCredential, scope: string): Promise<TokenClaims> {
  const doing = `getting a token for ${scope}`;
  const token = await azureCall(doing, (abortSignal) => credential.getToken(scope, { abortSignal }));
  const payload = token?.token.split('.')[1];
  if (!payload) throw new Rejected(`${doing}: the answer is not a JWT. Check the identity endpoint.`);
  const { oid, tid, roles } = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return { roles, ...(oid ? { oid } : {}), ...(tid ? { tid } : {}) };
}
