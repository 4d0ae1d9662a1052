import { WORLD } from '../world.ts';
import type { ArmTarget } from './armPath.ts';
import { azureError, type Reply } from './core.ts';
import { CATALOG } from './providerCatalog.ts';

const LOCATIONS = ['East US', 'East US 2', 'West Europe'];

/** GET /subscriptions/{id}/providers: all registered resource providers. */
export function listProviders(): Reply {
  return { status: 200, body: { value: Object.keys(CATALOG).map(view) } };
}

/** GET of one provider, or POST .../register, which has nothing to do: everything here is registered. */
export function getProvider(namespace: string): Reply {
  const known = findNamespace(namespace);
  if (!known) return unknownNamespace(namespace);
  return { status: 200, body: view(known) };
}

function view(namespace: string) {
  return {
    id: `/subscriptions/${WORLD.subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: 'Registered',
    resourceTypes: Object.entries(CATALOG[namespace] ?? {}).map(([resourceType, versions]) => ({
      resourceType,
      locations: LOCATIONS,
      apiVersions: [...versions].reverse(),
      defaultApiVersion: versions.at(-1),
      capabilities: 'CrossResourceGroupResourceMove, SupportsTags, SupportsLocation',
    })),
  };
}

const API_VERSION = /^20\d\d-\d\d-\d\d(?:-preview)?$/;

/**
 * Checks the api-version of a request as Azure does; undefined when it is fine. Groups, subscriptions and their lists
 * belong to Microsoft.Resources. The real Azure CLI brings versions from all the years of its SDKs, of which the catalog
 * knows only the newer ones: what it asks for is `believed`, as long as it is a version at all.
 */
export function checkApiVersion(
  target: ArmTarget,
  apiVersion: string | undefined,
  believed = false,
): Reply | undefined {
  if (believed && apiVersion && API_VERSION.test(apiVersion)) return undefined;
  if (!apiVersion) {
    return azureError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!target.namespace || !target.type) {
    const versions = CATALOG['Microsoft.Resources']?.resourceGroups ?? [];
    if (versions.includes(apiVersion)) return undefined;
    return azureError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${apiVersion}' is invalid. The supported versions are '${[...versions].reverse().join()}'.`,
    );
  }
  const namespace = findNamespace(target.namespace);
  if (!namespace) return unknownNamespace(target.namespace);
  const versions = versionsOf(namespace, target.type);
  if (!versions) {
    return azureError(
      404,
      'InvalidResourceType',
      `The resource type '${target.type}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'.`,
    );
  }
  if (versions.includes(apiVersion)) return undefined;
  return azureError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${WORLD.location}' and API version '${apiVersion}' for type '${target.type}'. The supported api-versions are '${versions.join(', ')}'. The supported locations are '${LOCATIONS.join(', ')}'.`,
  );
}

function findNamespace(namespace: string): string | undefined {
  return Object.keys(CATALOG).find((n) => n.toLowerCase() === namespace.toLowerCase());
}

function versionsOf(namespace: string, type: string): readonly string[] | undefined {
  const wanted = type.toLowerCase();
  return Object.entries(CATALOG[namespace] ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** The type as Azure spells it, such as Microsoft.App/jobs for microsoft.app/JOBS. */
export function canonicalType(namespace: string, type: string): string {
  const known = findNamespace(namespace) ?? namespace;
  const spelled = Object.keys(CATALOG[known] ?? {}).find((name) => name.toLowerCase() === type.toLowerCase());
  return `${known}/${spelled ?? type}`;
}

function unknownNamespace(namespace: string): Reply {
  return azureError(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
}
