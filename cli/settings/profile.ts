import type { Document } from 'yaml';
import { CommandFailure, EXIT } from '../exit.ts';
import { checkEndpoint, isLoopback } from './endpoint.ts';

export type Credentials =
  | { readonly type: 'api_key'; readonly key: string }
  | { readonly type: 'azure_ad'; readonly audience: string; readonly tenantId?: string }
  | { readonly type: 'none' };

/** Whom to talk to and how to sign in. */
export interface Connection {
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** The master key: opens the host's own endpoints, for `haymaker orch`. */
  readonly adminKey?: string;
  /** Where the endpoint came from, for messages: "HAYMAKER_ENDPOINT" or "profile default". */
  readonly source: string;
}

export interface Wanted {
  readonly profile?: string;
  readonly endpoint?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** --profile, else HAYMAKER_PROFILE, else the file's default_profile, else "default". */
export function profileName(wanted: string | undefined, env: Environment, file: Document): string {
  return wanted ?? (env.HAYMAKER_PROFILE || text(file, ['default_profile']) || 'default');
}

/**
 * The connection to use: --endpoint or HAYMAKER_ENDPOINT with the credentials of the environment (a profile's key is never
 * sent to an endpoint that is not the profile's), else the profile, in which HAYMAKER_API_KEY and HAYMAKER_TENANT_ID win
 * over the file. Throws CommandFailure (usage) that says which setting is missing.
 */
export function resolveConnection(wanted: Wanted, env: Environment, file: Document): Connection {
  const direct = wanted.endpoint ?? env.HAYMAKER_ENDPOINT?.trim();
  if (direct) {
    const source = wanted.endpoint ? '--endpoint' : 'HAYMAKER_ENDPOINT';
    const endpoint = checkEndpoint(direct, source);
    return connection({ endpoint, source, auth: fromEnvironment(env) });
  }
  const name = profileName(wanted.profile, env, file);
  const own = (...path: string[]) => text(file, ['profiles', name, ...path]);
  if (!file.hasIn(['profiles', name])) throw noProfile(name, wanted, env, file);
  const endpoint = own('endpoint');
  if (!endpoint) {
    throw new CommandFailure(
      EXIT.usage,
      `The profile ${name} has no endpoint. Set it: haymaker config set endpoint https://<app>.azurewebsites.net --profile ${name}`,
    );
  }
  const fromEnv = fromEnvironment(env);
  const auth = {
    type: fromEnv.key ? 'api_key' : own('auth', 'type'),
    key: fromEnv.key ?? own('auth', 'api_key') ?? own('auth', 'key'),
    adminKey: fromEnv.adminKey ?? own('auth', 'admin_key'),
    tenantId: fromEnv.tenantId ?? own('auth', 'tenant_id'),
    audience: fromEnv.audience ?? own('auth', 'audience'),
  };
  const source = `profile ${name}`;
  return connection({ endpoint: checkEndpoint(endpoint, `endpoint of ${source}`), source, auth });
}

interface Auth {
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly adminKey?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly audience?: string | undefined;
}

function fromEnvironment(env: Environment): Auth {
  return {
    key: env.HAYMAKER_API_KEY?.trim() || undefined,
    adminKey: env.HAYMAKER_ADMIN_KEY?.trim() || undefined,
    tenantId: env.HAYMAKER_TENANT_ID?.trim() || undefined,
    audience: env.HAYMAKER_AUDIENCE?.trim() || undefined,
  };
}

function connection(of: { endpoint: string; source: string; auth: Auth }): Connection {
  const { endpoint, source, auth } = of;
  const credentials = credentialsFrom(auth, endpoint, source);
  return { endpoint, source, credentials, ...(auth.adminKey ? { adminKey: auth.adminKey } : {}) };
}

function credentialsFrom(auth: Auth, endpoint: string, source: string): Credentials {
  if (auth.key && auth.type !== 'azure_ad') return { type: 'api_key', key: auth.key };
  if (auth.audience) {
    const tenant = auth.tenantId ? { tenantId: auth.tenantId } : {};
    return { type: 'azure_ad', audience: auth.audience.replace(/\/\.default$/, ''), ...tenant };
  }
  if (auth.type === 'azure_ad' || auth.tenantId) {
    throw new CommandFailure(
      EXIT.usage,
      `${source}: signing in with Entra needs the audience of the app (its setting API_AUDIENCE). Set it: haymaker config set audience api://<app>, or HAYMAKER_AUDIENCE.`,
    );
  }
  if (isLoopback(endpoint)) return { type: 'none' };
  throw new CommandFailure(
    EXIT.usage,
    `${source}: there is no key for ${endpoint}. Set one: haymaker config set api-key, or HAYMAKER_API_KEY (to sign in with Entra instead: haymaker config set audience api://<app>).`,
  );
}

function noProfile(name: string, wanted: Wanted, env: Environment, file: Document): CommandFailure {
  const known = profileNames(file);
  if (known.length === 0) {
    return new CommandFailure(
      EXIT.usage,
      'No endpoint is set. Say where the app is: haymaker config set endpoint https://<app>.azurewebsites.net (or HAYMAKER_ENDPOINT; after npm run dev: http://127.0.0.1:7071).',
    );
  }
  const chosen = wanted.profile ? '--profile' : env.HAYMAKER_PROFILE ? 'HAYMAKER_PROFILE' : 'default_profile';
  return new CommandFailure(
    EXIT.usage,
    `There is no profile ${name} (${chosen}). There are: ${known.join(', ')}.`,
  );
}

/** The names of the profiles in the file, as they come there. */
export function profileNames(file: Document): string[] {
  const profiles: unknown = file.toJS()?.profiles;
  return profiles !== null && typeof profiles === 'object' ? Object.keys(profiles) : [];
}

/** The scalar at a path as text; undefined when there is none or it is empty. */
export function text(file: Document, path: readonly string[]): string | undefined {
  const value: unknown = file.getIn(path);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).trim() || undefined
    : undefined;
}
