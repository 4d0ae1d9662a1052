import type { Principal } from './core.ts';

/** The managed identities that one caller of the identity endpoint may ask tokens for. */
interface Granted {
  readonly principals: readonly Principal[];
  readonly systemAssigned: Principal | undefined;
}

/**
 * Who may ask the managed identity endpoint for what. App Service and Container Apps give every app a secret of its own
 * (IDENTITY_HEADER); it says which app is asking, so it decides which identities can be had.
 */
export class Identities {
  private readonly byHeader = new Map<string, Granted>();

  /**
   * Lets the holder of `header` have tokens for `principals`, chosen by client id, object id or resource id. Only
   * `systemAssigned` is handed out when the caller names none.
   */
  grant(header: string, principals: readonly Principal[], systemAssigned?: Principal): void {
    this.byHeader.set(header, { principals, systemAssigned });
  }

  revoke(header: string): void {
    this.byHeader.delete(header);
  }

  /** True when `header` belongs to a running app. */
  knows(header: string): boolean {
    return this.byHeader.has(header);
  }

  /** The identity that `header` may have: by appId or oid when one is named, else the system-assigned one. */
  find(header: string, selector?: { appId?: string; oid?: string }): Principal | undefined {
    const granted = this.byHeader.get(header);
    if (!granted) return undefined;
    if (!selector?.appId && !selector?.oid) return granted.systemAssigned;
    const all = granted.systemAssigned ? [granted.systemAssigned, ...granted.principals] : granted.principals;
    return all.find((p) => p.appId === selector.appId || p.oid === selector.oid);
  }
}
