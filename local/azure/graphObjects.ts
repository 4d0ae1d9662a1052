import type { Application, ServicePrincipal } from './directory.ts';
import type { GraphObject } from './graphQuery.ts';

/** An application as Microsoft Graph shows it; never with the text of a secret. */
export function applicationView(application: Application): GraphObject {
  return {
    id: application.id,
    appId: application.appId,
    uniqueName: application.uniqueName,
    displayName: application.displayName,
    tags: application.tags,
    signInAudience: application.signInAudience,
    createdDateTime: new Date(application.createdAt).toISOString(),
    deletedDateTime: deletedDateTime(application),
    passwordCredentials: application.passwords.map((p) => ({
      keyId: p.keyId,
      displayName: p.displayName,
      hint: p.hint,
      startDateTime: p.startDateTime,
      endDateTime: p.endDateTime,
      secretText: null,
    })),
  };
}

/** A service principal as Microsoft Graph shows it. */
export function servicePrincipalView(servicePrincipal: ServicePrincipal): GraphObject {
  return {
    id: servicePrincipal.id,
    appId: servicePrincipal.appId,
    displayName: servicePrincipal.displayName,
    tags: servicePrincipal.tags,
    accountEnabled: servicePrincipal.accountEnabled,
    servicePrincipalType: servicePrincipal.servicePrincipalType,
    createdDateTime: new Date(servicePrincipal.createdAt).toISOString(),
    deletedDateTime: deletedDateTime(servicePrincipal),
  };
}

function deletedDateTime(object: { deletedAt?: number }): string | null {
  return object.deletedAt === undefined ? null : new Date(object.deletedAt).toISOString();
}
