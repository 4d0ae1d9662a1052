import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer, SendHttp } from './agentHttp.ts';
import type { AgentSettings } from './agentSettings.ts';

/** Role assignments and new credentials take this long to be known everywhere. */
const PROPAGATION_MS = 30_000;
const RETRY_MS = 1_000;
const RENEW_BEFORE_MS = 300_000;

/** Azure said no. `code` is its error code. */
export class AzureRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'AzureRefusal';
    this.status = status;
    this.code = code;
  }
}

/** Azure Resource Manager as an agent's service principal. */
export interface AgentCloud {
  /** Makes or changes a resource. While the identity is new, retries 403 for 30 s. Throws AzureRefusal. */
  put(id: string, apiVersion: string, body: unknown): Promise<void>;
  /** The resource, undefined when there is none. Throws AzureRefusal on anything but 200 and 404. */
  get(id: string, apiVersion: string): Promise<unknown>;
  /** Deletes a resource and waits until it is gone. Throws AzureRefusal. */
  remove(id: string, apiVersion: string): Promise<void>;
}

/** Signs in with the client secret on first use; each call throws when `abort` ends the agent. */
export function connectCloud(settings: AgentSettings, http: SendHttp, abort: AbortSignal): AgentCloud {
  const propagationEnds = Date.now() + PROPAGATION_MS;
  let token: { readonly value: string; readonly expiresAt: number } | undefined;

  /** Repeats while the refusal may be a replication delay of a new identity. */
  async function whilePropagating<T>(
    attempt: () => Promise<T>,
    isDelay: (error: AzureRefusal) => boolean,
  ): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof AzureRefusal) || !isDelay(error) || Date.now() > propagationEnds) throw error;
      }
      await delay(RETRY_MS, undefined, { signal: abort });
    }
  }

  async function signIn(): Promise<string> {
    if (token && token.expiresAt - RENEW_BEFORE_MS > Date.now()) return token.value;
    const answer = await http(
      'POST',
      `https://login.microsoftonline.com/${settings.tenantId}/oauth2/v2.0/token`,
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: settings.clientId,
          client_secret: settings.clientSecret,
          scope: 'https://management.azure.com/.default',
        }).toString(),
      },
    );
    if (answer.status !== 200) throw entraRefusal(answer);
    const issued = answer.json as { access_token: string; expires_in: number };
    token = { value: issued.access_token, expiresAt: Date.now() + issued.expires_in * 1_000 };
    return token.value;
  }

  async function call(method: 'GET' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<HttpAnswer> {
    const bearer = await whilePropagating(signIn, (error) => error.code.startsWith('AADSTS70'));
    return http(method, url, {
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  const urlOf = (id: string, apiVersion: string) =>
    `https://management.azure.com${id}?api-version=${apiVersion}`;

  async function get(id: string, apiVersion: string): Promise<unknown> {
    const answer = await call('GET', urlOf(id, apiVersion));
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw armRefusal(answer);
    return answer.json;
  }

  return {
    get,
    async put(id, apiVersion, body) {
      await whilePropagating(
        async () => {
          const answer = await call('PUT', urlOf(id, apiVersion), body);
          if (answer.status >= 300) throw armRefusal(answer);
        },
        (error) => error.status === 403,
      );
      for (;;) {
        const state = provisioningState(await get(id, apiVersion));
        if (state === 'Succeeded') return;
        if (state === 'Failed') throw new AzureRefusal(200, 'ProvisioningFailed', `${id} could not be made.`);
        await delay(RETRY_MS / 2, undefined, { signal: abort });
      }
    },
    async remove(id, apiVersion) {
      const answer = await call('DELETE', urlOf(id, apiVersion));
      if (answer.status >= 300) throw armRefusal(answer);
      while ((await get(id, apiVersion)) !== undefined)
        await delay(RETRY_MS / 2, undefined, { signal: abort });
    },
  };
}

/** Resources that tell no state are there once they can be read. */
function provisioningState(resource: unknown): string {
  const { properties } = (resource ?? {}) as { properties?: { provisioningState?: string } };
  return properties?.provisioningState ?? 'Succeeded';
}

function armRefusal({ status, json }: HttpAnswer): AzureRefusal {
  const { error } = (json ?? {}) as { error?: { code?: string; message?: string } };
  return new AzureRefusal(status, error?.code ?? `HTTP ${status}`, error?.message ?? 'no message');
}

function entraRefusal({ status, json }: HttpAnswer): AzureRefusal {
  const { error_description: text = 'no message' } = (json ?? {}) as { error_description?: string };
  return new AzureRefusal(status, /^AADSTS\d+/.exec(text)?.[0] ?? `HTTP ${status}`, text);
}
