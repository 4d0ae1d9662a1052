import type { AccessToken } from '@azure/identity';
import type { Cloud } from '../../../local/azure/cloud.ts';
import type { Principal } from '../../../local/azure/core.ts';
import { audienceOf } from '../../../local/azure/tokens.ts';

/** A credential with real tokens of the stand-in for any principal. */
export function credentialFor(cloud: Cloud, principal: Principal) {
  return {
    async getToken(scopes: string | string[]): Promise<AccessToken> {
      const [scope = ''] = [scopes].flat();
      const { token, expiresOn } = await cloud.tokens.issue(principal, audienceOf(scope));
      return { token, expiresOnTimestamp: expiresOn * 1_000 };
    },
  };
}

/** All items of a paged list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The fetch of this process before a test leads it through the proxy: for loopback over plain http. */
export const plainFetch = globalThis.fetch;
