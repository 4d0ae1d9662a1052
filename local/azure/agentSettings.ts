import { z } from 'zod';
import { durationSeconds } from '../../src/domain/duration.ts';

/** The environment of an agent's container: what the app deploys, and what Container Apps adds. */
const Environment = z.object({
  RUN_ID: z.string().min(1),
  AGENT_ID: z.string().min(1),
  SCENARIO_ID: z.string().min(1),
  RESOURCE_GROUP: z.string().min(1),
  LOCATION: z.string().min(1),
  NAME_PREFIX: z.string().min(1),
  TAGS: z.string(),
  RUN_ENDS_AT: z.iso.datetime({ offset: true }),
  HEARTBEAT_INTERVAL: z.string(),
  AZURE_TENANT_ID: z.string().min(1),
  AZURE_SUBSCRIPTION_ID: z.string().min(1),
  AZURE_CLIENT_ID: z.string().min(1),
  AZURE_CLIENT_SECRET: z.string().min(1),
  ANTHROPIC_API_KEY: z.string().min(1),
  SERVICE_BUS_NAMESPACE: z.string().min(1),
  SERVICE_BUS_TOPIC: z.string().min(1),
  EVENTS_IDENTITY_ID: z.string().min(1),
  IDENTITY_ENDPOINT: z.url(),
  IDENTITY_HEADER: z.string().min(1),
  SERVICE_BUS_ENDPOINT: z.string().optional(),
  HTTPS_PROXY: z.url().optional(),
  NODE_EXTRA_CA_CERTS: z.string().optional(),
});

export interface AgentSettings {
  readonly runId: string;
  readonly agentId: string;
  readonly scenarioId: string;
  readonly group: string;
  readonly location: string;
  readonly namePrefix: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly heartbeatMs: number;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly serviceBusNamespace: string;
  readonly serviceBusTopic: string;
  readonly serviceBusEndpoint: string | undefined;
  readonly eventsIdentityId: string;
  readonly identityEndpoint: string;
  readonly identityHeader: string;
  readonly proxyUrl: string | undefined;
  readonly caPath: string | undefined;
}

/** Reads an agent's settings from its environment; throws an error that names every variable that is wrong, no values. */
export function agentSettings(env: Readonly<Record<string, string>>): AgentSettings {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new Error(`The container's environment is not what an agent needs: ${wrong}`);
  }
  const it = parsed.data;
  return {
    runId: it.RUN_ID,
    agentId: it.AGENT_ID,
    scenarioId: it.SCENARIO_ID,
    group: it.RESOURCE_GROUP,
    location: it.LOCATION,
    namePrefix: it.NAME_PREFIX,
    tags: parseTags(it.TAGS),
    endsAt: Date.parse(it.RUN_ENDS_AT),
    heartbeatMs: (durationSeconds(it.HEARTBEAT_INTERVAL) ?? 60) * 1_000,
    tenantId: it.AZURE_TENANT_ID,
    subscriptionId: it.AZURE_SUBSCRIPTION_ID,
    clientId: it.AZURE_CLIENT_ID,
    clientSecret: it.AZURE_CLIENT_SECRET,
    serviceBusNamespace: it.SERVICE_BUS_NAMESPACE,
    serviceBusTopic: it.SERVICE_BUS_TOPIC,
    serviceBusEndpoint: it.SERVICE_BUS_ENDPOINT,
    eventsIdentityId: it.EVENTS_IDENTITY_ID,
    identityEndpoint: it.IDENTITY_ENDPOINT,
    identityHeader: it.IDENTITY_HEADER,
    proxyUrl: it.HTTPS_PROXY,
    caPath: it.NODE_EXTRA_CA_CERTS,
  };
}

/** `k=v` pairs separated by spaces, as the Azure CLI takes them. */
export function parseTags(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(/\s+/)
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
