import {
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import { clientOptions } from './call.ts';

export { type TokenClaims, tokenClaims } from './tokenClaims.ts';

export interface TargetServicePrincipal {
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/**
 * The two identities of the system: `app` runs the platform (vault, storage, bus, jobs), `target` acts in the tenant
 * where agents work. Without a service principal for the target they are the same.
 *
 * In Azure Functions (IDENTITY_ENDPOINT is set) the app is its managed identity, on a developer's machine whatever
 * DefaultAzureCredential finds. AZURE_MANAGED_IDENTITY_CLIENT_ID or AZURE_CLIENT_ID choose a user-assigned identity.
 */
export function createCredentials(
  input: { target?: TargetServicePrincipal },
  environment: NodeJS.ProcessEnv = process.env,
): { app: TokenCredential; target: TokenCredential } {
  const app = appCredential(environment);
  if (!input.target) return { app, target: app };
  const { tenantId, clientId, clientSecret } = input.target;
  return { app, target: new ClientSecretCredential(tenantId, clientId, clientSecret, clientOptions) };
}

function appCredential(environment: NodeJS.ProcessEnv): TokenCredential {
  const clientId = environment.AZURE_MANAGED_IDENTITY_CLIENT_ID || environment.AZURE_CLIENT_ID;
  if (environment.IDENTITY_ENDPOINT) {
    return clientId
      ? new ManagedIdentityCredential({ ...clientOptions, clientId })
      : new ManagedIdentityCredential(clientOptions);
  }
  return new DefaultAzureCredential({
    ...clientOptions,
    ...(clientId ? { managedIdentityClientId: clientId } : {}),
  });
}
