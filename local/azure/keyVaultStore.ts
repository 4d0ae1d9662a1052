import { randomUUID } from 'node:crypto';

/** Attributes as the wire has them; times in seconds since the epoch. */
export interface SecretAttributes {
  readonly enabled: boolean;
  readonly created: number;
  readonly updated: number;
  readonly nbf?: number;
  readonly exp?: number;
}

export interface SecretInput {
  readonly value?: string;
  readonly contentType?: string;
  readonly tags?: Record<string, string>;
  readonly attributes?: { enabled?: boolean; nbf?: number; exp?: number };
}

export interface SecretVersion {
  readonly name: string;
  readonly version: string;
  readonly value: string;
  readonly contentType: string | undefined;
  readonly tags: Record<string, string> | undefined;
  readonly attributes: SecretAttributes;
}

/** A deleted secret on its way: not yet readable as deleted, recoverable, or being purged. */
export interface DeletedSecret {
  readonly name: string;
  readonly versions: readonly SecretVersion[];
  readonly deletedAt: number;
  /** Readable under deletedsecrets from then on. */
  readonly visibleAt: number;
  purgedAt?: number;
}

/** The secrets of one vault with versions and soft deletion. `delayMs` is how long a deletion or a purge takes. */
export class SecretStore {
  private readonly live = new Map<string, SecretVersion[]>();
  private readonly deleted = new Map<string, DeletedSecret>();
  private readonly now: () => number;
  private readonly delayMs: () => number;

  constructor(now: () => number, delayMs: () => number) {
    this.now = now;
    this.delayMs = delayMs;
  }

  /** Adds a version. The caller has made sure that no deleted secret holds the name. */
  set(name: string, input: SecretInput & { readonly value: string }): SecretVersion {
    const seconds = Math.floor(this.now() / 1_000);
    const version = {
      name,
      version: randomUUID().replaceAll('-', ''),
      value: input.value,
      contentType: input.contentType,
      tags: input.tags,
      attributes: { enabled: true, ...input.attributes, created: seconds, updated: seconds },
    };
    const key = name.toLowerCase();
    this.live.set(key, [...(this.live.get(key) ?? []), version]);
    return version;
  }

  /** Changes attributes, tags or content type of one version; undefined when there is none. */
  update(name: string, version: string | undefined, input: SecretInput): SecretVersion | undefined {
    const old = this.get(name, version);
    if (!old) return undefined;
    const changed = {
      ...old,
      contentType: input.contentType ?? old.contentType,
      tags: input.tags ?? old.tags,
      attributes: { ...old.attributes, ...input.attributes, updated: Math.floor(this.now() / 1_000) },
    };
    const key = name.toLowerCase();
    this.live.set(
      key,
      this.versions(name).map((one) => (one === old ? changed : one)),
    );
    return changed;
  }

  /** One version, the newest without `version`. */
  get(name: string, version?: string): SecretVersion | undefined {
    const versions = this.versions(name);
    return version ? versions.find((one) => one.version === version) : versions.at(-1);
  }

  versions(name: string): SecretVersion[] {
    return this.live.get(name.toLowerCase()) ?? [];
  }

  /** The newest version of every secret. */
  list(): SecretVersion[] {
    return [...this.live.values()].flatMap((versions) => versions.at(-1) ?? []);
  }

  /** Starts a soft deletion: the secret cannot be read any more, and as a deleted one only after the delay. */
  delete(name: string): DeletedSecret | undefined {
    const key = name.toLowerCase();
    const versions = this.live.get(key);
    const newest = versions?.at(-1);
    if (!versions || !newest) return undefined;
    this.live.delete(key);
    const now = this.now();
    const deleted = { name: newest.name, versions, deletedAt: now, visibleAt: now + this.delayMs() };
    this.deleted.set(key, deleted);
    return deleted;
  }

  /** A deleted secret until its purge is through, visible or not. */
  findDeleted(name: string): DeletedSecret | undefined {
    return this.allDeleted().find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  allDeleted(): DeletedSecret[] {
    for (const [key, one] of this.deleted) {
      if (one.purgedAt !== undefined && one.purgedAt <= this.now()) this.deleted.delete(key);
    }
    return [...this.deleted.values()];
  }

  isVisible(secret: DeletedSecret): boolean {
    return secret.visibleAt <= this.now();
  }

  /** Starts a purge; the deleted secret keeps its name until the delay is over. */
  purge(secret: DeletedSecret): void {
    secret.purgedAt ??= this.now() + this.delayMs();
  }

  /** Brings a deleted secret back with all its versions. */
  recover(secret: DeletedSecret): SecretVersion | undefined {
    const key = secret.name.toLowerCase();
    this.deleted.delete(key);
    this.live.set(key, [...secret.versions]);
    return secret.versions.at(-1);
  }
}
