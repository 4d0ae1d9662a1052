import type { TokenCredential } from '@azure/identity';
import { CommandFailure, EXIT } from '../exit.ts';
import type { Credentials } from '../settings/profile.ts';

const RENEW_BEFORE_MS = 120_000;

/** Returns the header that signs a request in; a fresh token every time one is needed. */
export type SignIn = () => Promise<Record<string, string>>;

/** How requests are signed in with these credentials. The identity library is loaded on the first request that needs it. */
export function signInWith(credentials: Credentials): SignIn {
  switch (credentials.type) {
    case 'none':
      return async () => ({});
    case 'api_key': {
      const { key } = credentials;
      return async () => ({ 'x-functions-key': key });
    }
    case 'azure_ad':
      return signInWithEntra(`${credentials.audience}/.default`, credentials.tenantId);
  }
}

/**
 * Signs in as whoever Azure knows here: environment, workload or managed identity, az login, azd, PowerShell.
 * Throws CommandFailure (refused) when nobody is signed in.
 */
export function signInWithEntra(scope: string, tenantId?: string): SignIn {
  let credential: TokenCredential | undefined;
  let token: { token: string; expiresOnTimestamp: number } | undefined;
  return async () => {
    if (!token || token.expiresOnTimestamp - Date.now() < RENEW_BEFORE_MS) {
      try {
        credential ??= await loadCredential(tenantId);
        token = (await credential.getToken(scope)) ?? undefined;
      } catch (error) {
        throw notSignedIn(scope, tenantId, error);
      }
    }
    if (!token) throw notSignedIn(scope, tenantId);
    return { authorization: `Bearer ${token.token}` };
  };
}

async function loadCredential(tenantId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(tenantId ? { tenantId } : {});
}

function notSignedIn(scope: string, tenantId: string | undefined, cause?: unknown): CommandFailure {
  const login = `az login${tenantId ? ` --tenant ${tenantId}` : ''} --scope ${scope}`;
  return new CommandFailure(EXIT.refused, `Entra gave no token for ${scope}. Sign in: ${login}`, { cause });
}
