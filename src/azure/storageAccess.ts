import type { TokenCredential } from '@azure/identity';

/** How a storage account is reached: by identity (account name), or by a connection string (Azurite, older set-ups). */
export type StorageAccess = { account: string; credential: TokenCredential } | { connectionString: string };

/** True for connection strings whose endpoints are plain http: Azurite. The Tables client must be told. */
export function usesPlainHttp(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|DefaultEndpointsProtocol=http(;|$)|Endpoint=http:/i.test(
    connectionString,
  );
}
