/** The shapes that every part of the stand-in shares. A service handles the hosts it owns; the server does the rest. */

/** Who a bearer token speaks for. */
export interface Principal {
  /** Object id of the service principal or managed identity: what role assignments name. */
  readonly oid: string;
  readonly appId: string;
  readonly displayName: string;
}

/** One HTTP request after parsing: TLS ended, token checked, path normalised (no double or trailing slash). */
export interface Request {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Path and query exactly as they came, percent-encoded. */
  readonly rawUrl: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Parsed body when the content type says JSON and there is one. */
  readonly json: unknown;
  /** The token's principal; undefined when no (valid) bearer token for `audience` came along. */
  readonly principal: Principal | undefined;
}

export interface Reply {
  readonly status: number;
  /** A Buffer or string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Azure's name of the operation, for the call log. */
  readonly operation?: string;
}

/** One host name (or family of them) of Azure. */
export interface Service {
  readonly name: string;
  readonly hosts: RegExp;
  /** Audiences whose tokens this service accepts; empty when it does not take bearer tokens. */
  readonly audiences: readonly string[];
  /** The answer to a request without a valid token, instead of the usual 401; `reason` is undefined when none came. */
  challenge?(request: Request, reason: string | undefined): Reply;
  handle(request: Request): Promise<Reply> | Reply;
}

/** A resource provider behind management.azure.com; asked for ids under /providers/<namespace>/ before the generic store. */
export interface ResourceProvider {
  readonly namespace: string;
  /** undefined: not mine, let the generic resource store answer. Authorization was already checked. */
  handle(request: Request): Promise<Reply | undefined> | Reply | undefined;
}

/** A resource as the stand-in keeps it. Lower-case id is the key. */
export interface StoredResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  location: string;
  tags: Record<string, string>;
  properties: Record<string, unknown>;
  /** Other top-level members: sku, kind, identity, managedBy ... */
  rest: Record<string, unknown>;
  readonly createdAt: number;
  readonly createdBy: string;
  /** provisioningState is "Creating" until then. */
  provisioningUntil?: number;
  deletingUntil?: number;
  /** Of a group: until then Azure tries to delete it, and will end without success. */
  failingUntil?: number;
}

/** How slow and how inconsistent the stand-in is. All in milliseconds. */
export interface Delays {
  /** A new application or service principal is invisible to other Graph calls for so long. */
  readonly graphReplication: number;
  /** A new service principal can be named in a role assignment only after so long. */
  readonly principalPropagation: number;
  /** A new role assignment has an effect only after so long. */
  readonly rolePropagation: number;
  /** Resource Graph shows a change only after so long. */
  readonly graphIndexLag: number;
  readonly resourceCreate: number;
  readonly resourceDelete: number;
  readonly groupDelete: number;
  readonly jobCreate: number;
  readonly jobStart: number;
  readonly secretDelete: number;
}

export const DEFAULT_DELAYS: Delays = {
  graphReplication: 800,
  principalPropagation: 1_200,
  rolePropagation: 1_500,
  graphIndexLag: 2_000,
  resourceCreate: 300,
  resourceDelete: 500,
  groupDelete: 2_500,
  jobCreate: 900,
  jobStart: 500,
  secretDelete: 400,
};

/** How long the stand-in takes for an answer, in milliseconds, by what is asked. */
export interface Latencies {
  readonly armRead: number;
  readonly armWrite: number;
  readonly armDelete: number;
  readonly resourceGraph: number;
  readonly graphRead: number;
  readonly graphWrite: number;
  readonly keyVault: number;
}

/** Tests do not wait; a bench does. */
export const NO_LATENCIES: Latencies = {
  armRead: 0,
  armWrite: 0,
  armDelete: 0,
  resourceGraph: 0,
  graphRead: 0,
  graphWrite: 0,
  keyVault: 0,
};

export function azureError(
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): Reply {
  return { status, body: { error: { code, message } }, ...(headers ? { headers } : {}) };
}
