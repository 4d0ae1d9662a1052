import type { TokenCredential } from '@azure/identity';
import type { Application, PasswordCredential, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import { Denied, NotReadyYet, Rejected } from '../domain/errors.ts';
import { orUndefined } from './call.ts';
import { createGraph, GRAPH_SCOPE, odataString } from './graphClient.ts';
import { type TokenClaims, tokenClaims } from './tokenClaims.ts';

const APPLICATION_FIELDS = 'id,appId,displayName,uniqueName,tags';
const MANAGING_ROLES = ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'];
/** How every application of ours is called: applicationDisplayName in domain/naming.ts. */
const DISPLAY_NAME_PREFIX = 'AzureHayMaker-';

export interface DirectoryApplication {
  objectId: string;
  appId: string;
  displayName: string;
  uniqueName?: string;
  tags: string[];
}

export interface DeletedDirectoryObject {
  kind: 'application' | 'servicePrincipal';
  objectId: string;
  appId: string;
  displayName: string;
  tags: string[];
}

export interface Entra {
  /**
   * Finds or makes the application, by its unique name. `isNew`: this call has made it, and the answer says all of it
   * (201); one that was there (204) is read, and is NotReadyYet until it can be.
   * https://learn.microsoft.com/graph/api/application-upsert
   */
  ensureApplication(input: {
    uniqueName: string;
    displayName: string;
    tags: string[];
  }): Promise<DirectoryApplication & { isNew: boolean }>;
  /**
   * Finds or makes the application's service principal; `isNew`: this call has made it. NotReadyYet while the application is
   * not replicated.
   */
  ensureServicePrincipal(input: {
    appId: string;
    tags: string[];
  }): Promise<{ principalId: string; isNew: boolean }>;
  /**
   * Removes every earlier password of the application (there is none when it `isNew`) and adds one; returns the secret,
   * which is told only here.
   */
  replacePassword(
    applicationObjectId: string,
    password: { displayName: string; endsAt: string },
    isNew?: boolean,
  ): Promise<string>;
  findApplication(uniqueName: string): Promise<DirectoryApplication | undefined>;
  /** Lists lag behind writes: for finding what was forgotten, not for proving that something is gone. */
  findApplications(filter: { tag: string } | { uniqueNamePrefix: string }): Promise<DirectoryApplication[]>;
  /** The object ids of service principals with this tag. Lags behind writes, as every list. */
  findServicePrincipals(tag: string): Promise<string[]>;
  /** Soft-deleted applications and service principals with this tag, name or one of these application ids. */
  findDeleted(filter: {
    tag: string;
    uniqueNamePrefix: string;
    appIds: readonly string[];
  }): Promise<DeletedDirectoryObject[]>;
  principalOf(appId: string): Promise<string | undefined>;
  /** Soft-deletes the application and with it its service principal; absent is fine. */
  deleteApplication(objectId: string): Promise<void>;
  /** Soft-deletes a service principal whose application is gone; absent is fine. */
  deleteServicePrincipal(objectId: string): Promise<void>;
  /** Removes a soft-deleted object for good; absent is fine. */
  purge(deletedObjectId: string): Promise<void>;
  /**
   * Proves that this app can see the directory: it reads its own service principal, by the same permission with which
   * it lists applications and deleted items, and its token has that permission. Denied otherwise.
   */
  proveSight(): Promise<void>;
  /** A real list call and the token's roles; Denied when none of them lets the app manage its own applications. */
  checkManageApplications(): Promise<{ roles: string[] }>;
}

/** Applications and service principals of one tenant, through Microsoft Graph v1.0. */
export function createEntra(credential: TokenCredential): Entra {
  const graph = createGraph(credential);
  const byUniqueName = (uniqueName: string) => `/applications(uniqueName=${odataString(uniqueName)})`;
  const byAppId = (appId: string) => `/servicePrincipals(appId=${odataString(appId)})`;

  async function readApplication(uniqueName: string): Promise<DirectoryApplication | undefined> {
    const path = `${byUniqueName(uniqueName)}?$select=${APPLICATION_FIELDS}`;
    const found = await orUndefined(
      graph.call<Application>(`reading application ${uniqueName}`, path, (request) => request.get()),
    );
    return found && toApplication(found);
  }

  async function readPrincipal(appId: string): Promise<string | undefined> {
    const path = `${byAppId(appId)}?$select=id`;
    const found = await orUndefined(
      graph.call<ServicePrincipal>(`reading the service principal of ${appId}`, path, (request) =>
        request.get(),
      ),
    );
    return found?.id;
  }

  async function removePassword(applicationObjectId: string, keyId: string): Promise<void> {
    const doing = `removing a password of application ${applicationObjectId}`;
    try {
      await orUndefined(
        graph.call(doing, `/applications/${applicationObjectId}/removePassword`, (request) =>
          request.post({ keyId }),
        ),
      );
    } catch (error) {
      // A replica may still show a password that is already removed.
      if (!(error instanceof Rejected && /no password credential/i.test(error.message))) throw error;
    }
  }

  async function removePasswords(applicationObjectId: string): Promise<void> {
    const { passwordCredentials } = await graph.call<Application>(
      `reading the passwords of application ${applicationObjectId}`,
      `/applications/${applicationObjectId}?$select=passwordCredentials`,
      (request) => request.get(),
      { justMade: true },
    );
    for (const { keyId } of passwordCredentials ?? []) {
      if (keyId) await removePassword(applicationObjectId, keyId);
    }
  }

  return {
    async ensureApplication({ uniqueName, displayName, tags }) {
      const doing = `making application ${uniqueName}`;
      const body: Application = { displayName, tags, signInAudience: 'AzureADMyOrg' };
      const made = await graph.call<Application | undefined>(doing, byUniqueName(uniqueName), (request) =>
        request.header('Prefer', 'create-if-missing').patch(body),
      );
      if (made?.id && made.appId) return { ...toApplication({ uniqueName, ...made }), isNew: true };
      const application = await readApplication(uniqueName);
      if (!application) throw new NotReadyYet(`${doing}: it cannot be read yet. Try again in a few seconds.`);
      return { ...application, isNew: false };
    },

    async ensureServicePrincipal({ appId, tags }) {
      const doing = `making the service principal of ${appId}`;
      const body: ServicePrincipal = { tags };
      const made = await graph.call<ServicePrincipal | undefined>(
        doing,
        byAppId(appId),
        (request) => request.header('Prefer', 'create-if-missing').patch(body),
        { justMade: true },
      );
      const principalId = made?.id ?? (await readPrincipal(appId));
      if (!principalId) throw new NotReadyYet(`${doing}: it cannot be read yet. Try again in a few seconds.`);
      return { principalId, isNew: made?.id !== undefined };
    },

    async replacePassword(applicationObjectId, { displayName, endsAt }, isNew = false) {
      const doing = `adding a password to application ${applicationObjectId}`;
      const path = `/applications/${applicationObjectId}`;
      if (!isNew) await removePasswords(applicationObjectId);
      const added = await graph.call<PasswordCredential>(
        doing,
        `${path}/addPassword`,
        (request) => request.post({ passwordCredential: { displayName, endDateTime: endsAt } }),
        { justMade: true },
      );
      if (!added.secretText) throw new Rejected(`${doing}: Microsoft Graph returned no secret. Try again.`);
      return added.secretText;
    },

    findApplication: readApplication,

    async findApplications(filter) {
      const byTag = 'tag' in filter;
      // uniqueName cannot be filtered on, display names can: so the prefix is compared here.
      const condition = byTag
        ? `tags/any(t:t eq ${odataString(filter.tag)})`
        : `startsWith(displayName,${odataString(DISPLAY_NAME_PREFIX)})`;
      const path = `/applications?$filter=${condition}&$count=true&$select=${APPLICATION_FIELDS}&$top=100`;
      const found = (await graph.list<Application>('listing applications', path)).map(toApplication);
      return byTag
        ? found
        : found.filter(({ uniqueName }) => uniqueName?.startsWith(filter.uniqueNamePrefix));
    },

    async findServicePrincipals(tag) {
      const condition = `tags/any(t:t eq ${odataString(tag)})`;
      const path = `/servicePrincipals?$filter=${condition}&$count=true&$select=id&$top=100`;
      const found = await graph.list<ServicePrincipal>('listing service principals', path);
      return found.flatMap(({ id }) => id ?? []);
    },

    async findDeleted({ tag, uniqueNamePrefix, appIds }) {
      const wanted = new Set(appIds);
      const isWanted = (item: Application) =>
        item.tags?.includes(tag) ||
        item.uniqueName?.startsWith(uniqueNamePrefix) ||
        (item.appId ? wanted.has(item.appId) : false);
      const found: DeletedDirectoryObject[] = [];
      for (const kind of ['application', 'servicePrincipal'] as const) {
        const path = `/directory/deletedItems/microsoft.graph.${kind}?$count=true&$top=100`;
        const items = await graph.list<Application>(`listing deleted ${kind}s`, path);
        for (const item of items.filter(isWanted)) {
          const { objectId, appId, displayName, tags } = toApplication(item);
          found.push({ kind, objectId, appId, displayName, tags });
        }
      }
      return found;
    },

    principalOf: readPrincipal,

    async deleteApplication(objectId) {
      await orUndefined(
        graph.call(`deleting application ${objectId}`, `/applications/${objectId}`, (request) =>
          request.delete(),
        ),
      );
    },

    async deleteServicePrincipal(objectId) {
      await orUndefined(
        graph.call(`deleting service principal ${objectId}`, `/servicePrincipals/${objectId}`, (request) =>
          request.delete(),
        ),
      );
    },

    async purge(deletedObjectId) {
      await orUndefined(
        graph.call(`purging ${deletedObjectId}`, `/directory/deletedItems/${deletedObjectId}`, (request) =>
          request.delete(),
        ),
      );
    },

    async proveSight() {
      const { oid } = await managingClaims();
      const doing = 'reading our own service principal';
      if (!oid) throw new Denied(`${doing}: the token has no oid. Check the identity of the app.`);
      const path = `/servicePrincipals/${oid}?$select=id`;
      const own = await orUndefined(graph.call<ServicePrincipal>(doing, path, (request) => request.get()));
      if (!own) throw new Denied(`${doing}: Microsoft Graph does not show it to us. Check our permissions.`);
    },

    async checkManageApplications() {
      await graph.call('listing applications', '/applications?$top=1&$select=id', (request) => request.get());
      const { roles } = await managingClaims();
      return { roles };
    },
  };

  async function managingClaims(): Promise<TokenClaims> {
    const claims = await tokenClaims(credential, GRAPH_SCOPE);
    if (!MANAGING_ROLES.some((role) => claims.roles.includes(role))) {
      throw new Denied(
        `managing applications: the identity has ${claims.roles.join(', ') || 'no application permissions'}. Grant it ${MANAGING_ROLES.join(' or ')} on Microsoft Graph.`,
      );
    }
    return claims;
  }
}

function toApplication({ id, appId, displayName, uniqueName, tags }: Application): DirectoryApplication {
  return {
    objectId: id ?? '',
    appId: appId ?? '',
    displayName: displayName ?? '',
    tags: tags ?? [],
    ...(uniqueName ? { uniqueName } : {}),
  };
}
