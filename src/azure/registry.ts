import { ContainerRegistryContentClient } from '@azure/container-registry';
import type { TokenCredential } from '@azure/identity';
import { azureCall, clientOptions } from './call.ts';

export interface Registry {
  /** The digest (sha256:...) of a tag or digest, read from the manifest itself. Missing when the registry lacks it. */
  digestOf(repository: string, reference: string): Promise<string>;
}

/** One container registry; `server` is its login server, such as name.azurecr.io. */
export function createRegistry(credential: TokenCredential, server: string): Registry {
  return {
    async digestOf(repository, reference) {
      const client = new ContainerRegistryContentClient(
        `https://${server}`,
        repository,
        credential,
        clientOptions,
      );
      const { digest } = await azureCall(
        `reading the manifest of ${server}/${repository}:${reference}`,
        (abortSignal) => client.getManifest(reference, { abortSignal }),
      );
      return digest;
    },
  };
}
