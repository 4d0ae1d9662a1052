import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { StoredResource } from './core.ts';

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** Gives a new user-assigned identity its principal in the directory; other resources are left alone. */
export function assignIdentity(cloud: Cloud, resource: StoredResource): void {
  if (resource.type !== TYPE || resource.properties.principalId) return;
  const identity = { oid: randomUUID(), appId: randomUUID(), displayName: resource.name };
  cloud.directory.addManagedIdentity(identity);
  resource.properties = {
    ...resource.properties,
    tenantId: cloud.tokens.tenantId,
    principalId: identity.oid,
    clientId: identity.appId,
  };
}

/** The principal of a user-assigned identity goes when the resource goes; no deleted item remains. */
export function followIdentities(cloud: Cloud): void {
  const principals = new Map<string, string>();
  cloud.resources.onChange((id, resource) => {
    if (resource?.type === TYPE) principals.set(id.toLowerCase(), String(resource.properties.principalId));
    if (resource) return;
    const oid = principals.get(id.toLowerCase());
    if (oid) cloud.directory.servicePrincipals.delete(oid);
    principals.delete(id.toLowerCase());
  });
}
