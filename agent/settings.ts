import { z } from 'zod';
import { durationSeconds } from '../src/domain/duration.ts';

/** https://platform.claude.com/docs/models/sonnet-5-5/overview; another one by ANTHROPIC_MODEL. */
const DEFAULT_MODEL = 'claude-sonnet-5-5';
const DEFAULT_HEARTBEAT_SECONDS = 60;

const text = z.string().min(1);

/** What src/activities/deployContainerApp.ts puts into the container, and what Container Apps adds to it. */
const Environment = z.object({
  RUN_ID: text,
  AGENT_ID: text,
  SCENARIO_ID: text,
  RESOURCE_GROUP: text,
  LOCATION: text,
  NAME_PREFIX: text,
  TAGS: z.string(),
  RUN_ENDS_AT: z.iso.datetime({ offset: true }),
  HEARTBEAT_INTERVAL: z.string().optional(),
  AZURE_TENANT_ID: text,
  AZURE_SUBSCRIPTION_ID: text,
  AZURE_CLIENT_ID: text,
  AZURE_CLIENT_SECRET: text,
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_MODEL: text.default(DEFAULT_MODEL),
  AGENT_SCENARIOS_DIR: text,
  SERVICE_BUS_NAMESPACE: text,
  SERVICE_BUS_TOPIC: text,
  SERVICE_BUS_ENDPOINT: z.string().optional(),
  EVENTS_IDENTITY_ID: text,
});

export interface AgentSettings {
  readonly runId: string;
  readonly agentId: string;
  readonly scenarioId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly namePrefix: string;
  /** `key=value` pairs separated by spaces, as the Azure CLI takes them. */
  readonly tags: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly heartbeatMs: number;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly anthropicApiKey: string | undefined;
  readonly anthropicModel: string;
  readonly scenariosDir: string;
  readonly serviceBusNamespace: string;
  readonly serviceBusTopic: string;
  readonly serviceBusEndpoint: string | undefined;
  readonly eventsIdentityId: string;
}

/** The environment is not what an agent needs. The message names every variable that is wrong, and no value. */
export class AgentSettingsError extends Error {
  override readonly name = 'AgentSettingsError';
}

/** Reads an agent's settings from its environment. Throws AgentSettingsError. */
export function agentSettings(environment: Readonly<Record<string, string | undefined>>): AgentSettings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`).join(', ');
    throw new AgentSettingsError(
      `Environment variables are missing or wrong: ${wrong}. They are set by the job that runs this container.`,
    );
  }
  const it = parsed.data;
  const heartbeatSeconds = durationSeconds(it.HEARTBEAT_INTERVAL ?? '') ?? DEFAULT_HEARTBEAT_SECONDS;
  return {
    runId: it.RUN_ID,
    agentId: it.AGENT_ID,
    scenarioId: it.SCENARIO_ID,
    resourceGroup: it.RESOURCE_GROUP,
    location: it.LOCATION,
    namePrefix: it.NAME_PREFIX,
    tags: it.TAGS,
    endsAt: Date.parse(it.RUN_ENDS_AT),
    heartbeatMs: Math.max(1, heartbeatSeconds) * 1_000,
    tenantId: it.AZURE_TENANT_ID,
    subscriptionId: it.AZURE_SUBSCRIPTION_ID,
    clientId: it.AZURE_CLIENT_ID,
    clientSecret: it.AZURE_CLIENT_SECRET,
    anthropicApiKey: it.ANTHROPIC_API_KEY || undefined,
    anthropicModel: it.ANTHROPIC_MODEL,
    scenariosDir: it.AGENT_SCENARIOS_DIR,
    serviceBusNamespace: it.SERVICE_BUS_NAMESPACE,
    serviceBusTopic: it.SERVICE_BUS_TOPIC,
    serviceBusEndpoint: it.SERVICE_BUS_ENDPOINT || undefined,
    eventsIdentityId: it.EVENTS_IDENTITY_ID,
  };
}

/** The variables of a step that a scenario may use (scenarios/README.md). Nothing secret is among them. */
export function givenVariables(settings: AgentSettings): Record<string, string> {
  return {
    RESOURCE_GROUP: settings.resourceGroup,
    LOCATION: settings.location,
    NAME_PREFIX: settings.namePrefix,
    TAGS: settings.tags,
    RUN_ID: settings.runId,
    AGENT_ID: settings.agentId,
    SCENARIO_ID: settings.scenarioId,
    SUBSCRIPTION_ID: settings.subscriptionId,
    AZURE_SUBSCRIPTION_ID: settings.subscriptionId,
    AZURE_TENANT_ID: settings.tenantId,
  };
}
