import type { ProviderResourceType, ResourceManagementClient } from '@azure/arm-resources';
import { Rejected } from '../domain/errors.ts';
import { pickApiVersion } from './armId.ts';
import { azureCall } from './call.ts';

/** The api-version to use for a type such as virtualNetworks/subnets of Microsoft.Network. */
export type ApiVersionOf = (namespace: string, typePath: string) => Promise<string>;

/**
 * Asks each resource provider once which api-versions its types have: a fixed version fails for most types
 * (NoRegisteredProviderFound). Rejected for a type that its provider does not know.
 */
export function createApiVersions(client: ResourceManagementClient): ApiVersionOf {
  const cache = new Map<string, Promise<ProviderResourceType[]>>();

  async function fetchTypes(namespace: string): Promise<ProviderResourceType[]> {
    const provider = await azureCall(`reading the resource provider ${namespace}`, (abortSignal) =>
      client.providers.get(namespace, { abortSignal }),
    );
    return provider.resourceTypes ?? [];
  }

  function typesOf(namespace: string): Promise<ProviderResourceType[]> {
    const key = namespace.toLowerCase();
    const known = cache.get(key);
    if (known) return known;
    const types = fetchTypes(namespace);
    cache.set(key, types);
    // A failed answer must not stay: the next caller asks again.
    types.catch(() => cache.delete(key));
    return types;
  }

  return async (namespace, typePath) => {
    const types = await typesOf(namespace);
    const type = types.find((candidate) => candidate.resourceType?.toLowerCase() === typePath.toLowerCase());
    const version = type && pickApiVersion(type);
    if (!version) {
      throw new Rejected(
        `The resource provider ${namespace} knows no type ${typePath}. Check the id, and that the provider is registered.`,
      );
    }
    return version;
  };
}
