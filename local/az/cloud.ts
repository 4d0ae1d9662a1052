import { setTimeout as delay } from 'node:timers/promises';
import { CATALOG } from '../azure/providerCatalog.ts';
import { accessToken, CliError } from './session.ts';

const ARM = 'https://management.azure.com';
const GRAPH = 'https://graph.microsoft.com';
const POLL_MS = 200;
const LONGEST_POLL_MS = 120_000;
const NOT_FOUND_EXIT = 3;
const THROTTLED_TRIES = 5;

/** JSON from Azure, of which the shim looks only at a few members. */
export type Json = Readonly<Record<string, unknown>>;

/** Calls an Azure service with the signed-in identity's token; undefined for an answer without a body. Throws CliError. */
async function call(audience: string, method: string, url: string, body?: unknown): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${await accessToken(audience)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 429 && tries < THROTTLED_TRIES) {
      await delay(Number(response.headers.get('retry-after') ?? 1) * 1_000);
      continue;
    }
    const json: unknown = text ? JSON.parse(text) : undefined;
    if (response.ok) return json;
    const { code = `HTTP ${response.status}`, message = response.statusText } = Object(Object(json).error);
    throw new CliError(`(${code}) ${message}`, response.status === 404 ? NOT_FOUND_EXIT : 1);
  }
}

/** The newest version of the API in which the stand-in knows a type such as Microsoft.Network/virtualNetworks/subnets. */
export function apiVersionOf(type: string): string | undefined {
  const [namespace = '', ...rest] = type.split('/');
  const known = Object.entries(CATALOG).find(([name]) => name.toLowerCase() === namespace.toLowerCase());
  const wanted = rest.join('/').toLowerCase();
  return Object.entries(known?.[1] ?? {})
    .find(([name]) => name.toLowerCase() === wanted)?.[1]
    .at(-1);
}

/** Resource types are every other part of an id after the provider. */
export function typeOfId(id: string): string {
  const [namespace = '', ...parts] = id.slice(id.toLowerCase().lastIndexOf('/providers/') + 11).split('/');
  return [namespace, ...parts.filter((_, at) => at % 2 === 0)].join('/');
}

function armUrl(path: string, apiVersion?: string): string {
  const version = apiVersion ?? apiVersionOf(typeOfId(path));
  if (!version) throw new CliError(`The shim knows no API version of ${typeOfId(path)}.`, 2);
  return `${ARM}${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
}

export const arm = {
  async get(id: string, apiVersion?: string): Promise<Json> {
    return Object(await call(ARM, 'GET', armUrl(id, apiVersion)));
  },

  /** undefined when it does not exist. */
  async find(id: string, apiVersion?: string): Promise<Json | undefined> {
    try {
      return await arm.get(id, apiVersion);
    } catch (error) {
      if (error instanceof CliError && error.exitCode === NOT_FOUND_EXIT) return undefined;
      throw error;
    }
  },

  /** Items of a collection, all pages. */
  async list(path: string, apiVersion?: string): Promise<Json[]> {
    const items: Json[] = [];
    let url: string | undefined = armUrl(path, apiVersion);
    while (url) {
      const page: Json = Object(await call(ARM, 'GET', url));
      if (Array.isArray(page.value)) items.push(...page.value.map(Object));
      url = typeof page.nextLink === 'string' ? page.nextLink : undefined;
    }
    return items;
  },

  /** Makes or replaces a resource and waits until Azure has provisioned it. */
  async put(id: string, body: unknown, apiVersion?: string): Promise<Json> {
    await call(ARM, 'PUT', armUrl(id, apiVersion), body);
    return arm.settled(id, apiVersion);
  },

  /** Makes something that is there at once. */
  async putOnce(id: string, body: unknown, apiVersion: string): Promise<Json> {
    return Object(await call(ARM, 'PUT', armUrl(id, apiVersion), body));
  },

  /** The resource once its provisioning has ended. */
  async settled(id: string, apiVersion?: string): Promise<Json> {
    const until = Date.now() + LONGEST_POLL_MS;
    for (;;) {
      const resource = await arm.get(id, apiVersion);
      const { provisioningState = 'Succeeded' } = Object(resource.properties);
      if (provisioningState === 'Succeeded') return resource;
      if (provisioningState === 'Failed' || Date.now() > until)
        throw new CliError(`(ProvisioningState) ${provisioningState}`);
      await delay(POLL_MS);
    }
  },

  /** Deletes and waits until it is gone. What is not there is no error, as with the real CLI. */
  async remove(id: string, apiVersion?: string): Promise<void> {
    await call(ARM, 'DELETE', armUrl(id, apiVersion));
    await arm.gone(id, apiVersion);
  },

  async gone(id: string, apiVersion?: string): Promise<void> {
    const until = Date.now() + LONGEST_POLL_MS;
    while (await arm.find(id, apiVersion)) {
      if (Date.now() > until) throw new CliError(`(Timeout) ${id} is still there.`);
      await delay(POLL_MS);
    }
  },
};

/** Any address of Azure Resource Manager or Graph, for `az rest`. */
export async function rest(method: string, url: string, body?: unknown): Promise<unknown> {
  const { origin } = new URL(url);
  if (origin !== ARM && origin !== GRAPH) throw new CliError(`az rest reaches ${ARM} and ${GRAPH} only.`, 2);
  return call(origin, method, url, body);
}
