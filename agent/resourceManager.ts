import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { CHECKPOINT_TAG } from './checkpoint.ts';

const ENDPOINT = 'https://management.azure.com';
const SCOPE = `${ENDPOINT}/.default`;
const RESOURCES_VERSION = '2021-04-01';
const CALL_TIMEOUT_MS = 30_000;

/** A resource of the agent's group. */
export interface GroupResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Milliseconds since the epoch; 0 when Azure does not say. */
  readonly createdAt: number;
}

/** What the agent itself asks Azure Resource Manager; scenarios use the Azure CLI. */
export interface ResourceManager {
  /** The top-level resources of the agent's group. */
  listGroup(): Promise<GroupResource[]>;
  /** The value of the group's checkpoint tag. */
  readCheckpoint(): Promise<string | undefined>;
  /** Sets the group's checkpoint tag and leaves its other tags alone. */
  writeCheckpoint(value: string): Promise<void>;
}

/** Azure Resource Manager refused: HTTP status and Azure's own words. */
export class ResourceManagerError extends Error {
  override readonly name = 'ResourceManagerError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const Page = z.object({
  value: z.array(
    z.object({ id: z.string(), type: z.string(), name: z.string(), createdTime: z.string().optional() }),
  ),
  nextLink: z.string().optional(),
});
const Tags = z.object({
  properties: z.object({ tags: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Azure Resource Manager over the resource group `group`, as the agent's own identity. */
export function createResourceManager(
  credential: TokenCredential,
  subscriptionId: string,
  group: string,
): ResourceManager {
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: 'haymaker-agent' },
    retryOptions: { maxRetries: 4, retryDelayInMs: 500 },
  });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: SCOPE }));
  const client = createDefaultHttpClient();
  const groupUrl = `${ENDPOINT}/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const tagsUrl = `${groupUrl}/providers/Microsoft.Resources/tags/default?api-version=${RESOURCES_VERSION}`;

  async function call(method: HttpMethods, url: string, body?: unknown): Promise<unknown> {
    const request = createPipelineRequest({ url, method, timeout: CALL_TIMEOUT_MS });
    if (body !== undefined) {
      request.headers.set('content-type', 'application/json');
      request.body = JSON.stringify(body);
    }
    const { status, bodyAsText } = await pipeline.sendRequest(client, request);
    const json: unknown = bodyAsText ? JSON.parse(bodyAsText) : undefined;
    if (status < 300) return json;
    const refusal = Refusal.safeParse(json);
    const why = refusal.success
      ? `${refusal.data.error.code}: ${refusal.data.error.message}`
      : `HTTP ${status}`;
    throw new ResourceManagerError(status, `${method} ${new URL(url).pathname}: ${why}`);
  }

  return {
    async listGroup() {
      const found: GroupResource[] = [];
      let next: string | undefined =
        `${groupUrl}/resources?api-version=${RESOURCES_VERSION}&$expand=createdTime`;
      while (next) {
        const page: z.infer<typeof Page> = Page.parse(await call('GET', next));
        for (const { id, type, name, createdTime } of page.value) {
          found.push({ id, type, name, createdAt: createdTime ? Date.parse(createdTime) : 0 });
        }
        next = page.nextLink;
      }
      return found;
    },
    async readCheckpoint() {
      const { properties } = Tags.parse(await call('GET', tagsUrl));
      return properties?.tags?.[CHECKPOINT_TAG];
    },
    async writeCheckpoint(value) {
      await call('PATCH', tagsUrl, { operation: 'Merge', properties: { tags: { [CHECKPOINT_TAG]: value } } });
    },
  };
}
