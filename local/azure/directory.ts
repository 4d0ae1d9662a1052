import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Principal } from './core.ts';
import type { IssuedSecrets } from './secrets.ts';

/** A client secret of an application; its text is only known at birth. */
export interface PasswordCredential {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly hint: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly hash: string;
  /** Token requests know it from then on. */
  readonly visibleAt: number;
}

interface DirectoryObject {
  readonly id: string;
  readonly appId: string;
  displayName: string;
  tags: string[];
  readonly createdAt: number;
  /** Object id of the creator, who owns the object. */
  readonly createdBy: string;
  /** Other calls see it from then on. */
  readonly visibleAt: number;
  deletedAt?: number;
}

export interface Application extends DirectoryObject {
  readonly uniqueName: string | null;
  signInAudience: string;
  passwords: PasswordCredential[];
}

export interface ServicePrincipal extends DirectoryObject {
  readonly servicePrincipalType: 'Application' | 'ManagedIdentity';
  accountEnabled: boolean;
}

/** What a new application starts with. */
export interface NewApplication {
  readonly displayName: string;
  readonly uniqueName?: string | null;
  readonly tags?: readonly string[];
  readonly signInAudience?: string;
}

/** Two years, Microsoft Graph's default life of a client secret. */
const DEFAULT_SECRET_MS = 2 * 365 * 24 * 3_600_000;

interface DirectoryDeps {
  readonly now: () => number;
  /** Milliseconds until a new object or secret is seen by others. */
  readonly replicationMs: () => number;
  readonly secrets: IssuedSecrets;
}

/**
 * The tenant's applications and service principals, with soft deletion and replication delay. Rules of who may do what
 * are Microsoft Graph's business, not the directory's.
 */
export class Directory {
  readonly applications = new Map<string, Application>();
  readonly servicePrincipals = new Map<string, ServicePrincipal>();
  /** Application permissions of Microsoft Graph by object id, such as Application.ReadWrite.OwnedBy. */
  readonly appRoles = new Map<string, readonly string[]>();
  /** App roles at other APIs, by audience and object id, such as HayMaker.Reader. */
  readonly apiRoles = new Map<string, ReadonlyMap<string, readonly string[]>>();
  private readonly deps: DirectoryDeps;

  constructor(deps: DirectoryDeps) {
    this.deps = deps;
  }

  /** The roles that a token of the principal carries for an API. */
  rolesAt(audience: string, oid: string): readonly string[] {
    const graph = audience === 'https://graph.microsoft.com';
    return (graph ? this.appRoles.get(oid) : this.apiRoles.get(audience)?.get(oid)) ?? [];
  }

  /** Makes a managed identity known; it has no application of its own and no replication delay. */
  addManagedIdentity(identity: Principal): void {
    this.servicePrincipals.set(identity.oid, {
      id: identity.oid,
      appId: identity.appId,
      displayName: identity.displayName,
      tags: [],
      createdAt: this.deps.now(),
      createdBy: 'platform',
      visibleAt: 0,
      servicePrincipalType: 'ManagedIdentity',
      accountEnabled: true,
    });
  }

  createApplication(input: NewApplication, createdBy: string): Application {
    const now = this.deps.now();
    const application: Application = {
      id: randomUUID(),
      appId: randomUUID(),
      displayName: input.displayName,
      uniqueName: input.uniqueName ?? null,
      tags: [...(input.tags ?? [])],
      signInAudience: input.signInAudience ?? 'AzureADMyOrg',
      passwords: [],
      createdAt: now,
      createdBy,
      visibleAt: now + this.deps.replicationMs(),
    };
    this.applications.set(application.id, application);
    return application;
  }

  createServicePrincipal(
    application: Application,
    tags: readonly string[],
    createdBy: string,
  ): ServicePrincipal {
    const now = this.deps.now();
    const servicePrincipal: ServicePrincipal = {
      id: randomUUID(),
      appId: application.appId,
      displayName: application.displayName,
      tags: [...tags],
      createdAt: now,
      createdBy,
      visibleAt: now + this.deps.replicationMs(),
      servicePrincipalType: 'Application',
      accountEnabled: true,
    };
    this.servicePrincipals.set(servicePrincipal.id, servicePrincipal);
    return servicePrincipal;
  }

  /** Adds a client secret; the text is returned here and never again. */
  addPassword(
    application: Application,
    input: { displayName?: string | null; endDateTime?: string },
  ): PasswordCredential & { secretText: string } {
    const now = this.deps.now();
    const secretText = `hm8Q~${randomBytes(26).toString('base64url')}`;
    const credential: PasswordCredential = {
      keyId: randomUUID(),
      displayName: input.displayName ?? null,
      hint: secretText.slice(0, 3),
      startDateTime: new Date(now).toISOString(),
      endDateTime: input.endDateTime ?? new Date(now + DEFAULT_SECRET_MS).toISOString(),
      hash: sha256(secretText),
      visibleAt: now + this.deps.replicationMs(),
    };
    application.passwords.push(credential);
    this.deps.secrets.record('entra', application.displayName, secretText);
    return { ...credential, secretText };
  }

  /** The application's secret with this text, expired or not, once token requests can know it. */
  findPassword(application: Application, secretText: string): PasswordCredential | undefined {
    const hash = sha256(secretText);
    return application.passwords.find((p) => p.hash === hash && p.visibleAt <= this.deps.now());
  }

  /** Moves an application and its service principal to the deleted items. */
  softDeleteApplication(application: Application): void {
    application.deletedAt = this.deps.now();
    const servicePrincipal = this.liveServicePrincipal(application.appId);
    if (servicePrincipal) servicePrincipal.deletedAt = this.deps.now();
  }

  softDeleteServicePrincipal(servicePrincipal: ServicePrincipal): void {
    servicePrincipal.deletedAt = this.deps.now();
  }

  /** Removes a deleted object for good; a purged application takes its deleted service principal along. */
  purge(id: string): void {
    const application = this.applications.get(id);
    this.applications.delete(id);
    this.servicePrincipals.delete(id);
    if (!application) return;
    for (const sp of this.servicePrincipals.values()) {
      if (sp.appId === application.appId && sp.deletedAt !== undefined) this.servicePrincipals.delete(sp.id);
    }
  }

  /** Not deleted; replicated or not. */
  liveApplication(wanted: (application: Application) => boolean): Application | undefined {
    return [...this.applications.values()].find((a) => a.deletedAt === undefined && wanted(a));
  }

  /** Not deleted; replicated or not. */
  liveServicePrincipal(appId: string): ServicePrincipal | undefined {
    return [...this.servicePrincipals.values()].find(
      (sp) => sp.appId === appId && sp.deletedAt === undefined,
    );
  }

  /** True once other calls can see the object. */
  isVisible(object: { readonly visibleAt: number }): boolean {
    return object.visibleAt <= this.deps.now();
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
