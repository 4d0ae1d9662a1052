import { z } from 'zod';
import { DurationSeconds } from './domain/durationSchema.ts';
import { SettingError } from './domain/errors.ts';
import type { CleanupPolicy } from './domain/run.ts';
import { SimulationSize } from './domain/run.ts';
import { ExcludedScenarios, ScenarioWeights, type SelectionPolicy } from './domain/selection.ts';

const Identity = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i,
    'expected the resource id of a user-assigned identity',
  );

const positive = z.coerce.number().positive();
const count = z.coerce.number().int().positive();
const duration = (fallback: string) => z.string().default(fallback).pipe(DurationSeconds);

/** Every setting that the app knows, by its name in the app settings. Empty counts as missing. */
export const Settings = z.object({
  KEY_VAULT_URL: z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, '')),
  AZURE_TENANT_ID: z.guid().optional(),
  AZURE_SUBSCRIPTION_ID: z.guid().optional(),
  AZURE_MANAGED_IDENTITY_CLIENT_ID: z.guid().optional(),
  SERVICE_BUS_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9.-]+)?$/i, 'expected a namespace such as sb-haymaker.servicebus.windows.net')
    .transform((name) => (name.includes('.') ? name : `${name}.servicebus.windows.net`))
    .optional(),
  SERVICE_BUS_ENDPOINT: z
    .string()
    .regex(/^sb:\/\//, 'expected sb://host:port')
    .optional(),
  CONTAINER_REGISTRY: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]+\.[a-z]{2,}$/i, 'expected a login server such as acr.azurecr.io'),
  CONTAINER_IMAGE: z
    .string()
    .regex(
      /^[a-z0-9._/-]+(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/,
      'expected repository:tag or repository@sha256:digest',
    ),
  CONTAINER_APPS_ENVIRONMENT_ID: z
    .string()
    .regex(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.App\/managedEnvironments\/[^/]+$/i,
      'expected the resource id of a Container Apps environment',
    ),
  AGENT_IDENTITY_ID: Identity,
  AGENT_EVENTS_IDENTITY_ID: Identity,
  STORAGE_ACCOUNT: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'expected a storage account name')
    .optional(),
  AzureWebJobsStorage: z.string().optional(),
  AzureWebJobsStorage__accountName: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'expected a storage account name')
    .optional(),
  LOCATION: z
    .string()
    .regex(/^[a-z0-9]+$/, 'expected a region such as eastus')
    .default('eastus'),
  SIMULATION_SIZE: SimulationSize.default('small'),
  RUN_DURATION: duration('PT8H'),
  CHECK_INTERVAL: duration('PT15M'),
  CLEANUP_GRACE: duration('PT15M'),
  CLEANUP_ROUNDS: count.default(20),
  CLEAN_PASSES: count.default(2),
  CLEAN_PASS_INTERVAL: duration('PT1M'),
  HAYMAKER_SCHEDULE: z.string().default('0 0 0,6,12,18 * * *'),
  JANITOR_SCHEDULE: z.string().default('0 30 * * * *'),
  JANITOR_PATIENCE: duration('PT30M'),
  RECORD_RETENTION: duration('P90D'),
  AGENT_CPU: positive.default(2),
  AGENT_MEMORY: z
    .string()
    .regex(/^\d+(\.\d+)?Gi$/, 'expected a size such as 4Gi')
    .default('4Gi'),
  WORKLOAD_PROFILE: z.string().default('Consumption'),
  ANTHROPIC_MODEL: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.@:-]*$/i, 'expected the name of a model')
    .optional(),
  ALLOW_PRIVILEGED_SCENARIOS: z.stringbool().default(false),
  SCENARIO_WEIGHTS: z.string().default('').pipe(ScenarioWeights),
  RUN_COST_CEILING_USD: positive.optional(),
  EXCLUDED_SCENARIOS: z.string().default('').pipe(ExcludedScenarios),
  MIN_AREAS: count.default(10),
  AVOID_REPEATS: z.stringbool().default(false),
  PROTECTED_GROUPS: z
    .string()
    .default('')
    .transform((names) => names.split(',').map((name) => name.trim().toLowerCase()))
    .transform((names) => names.filter((name) => name !== '')),
  MAX_DELETIONS_PER_CALL: count.default(200),
  CANARY_RESOURCE_ID: z
    .string()
    .regex(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i,
      'expected the resource id of a resource that is never removed',
    )
    .optional(),
  MAX_CONCURRENT_RUNS: count.default(3),
  MAX_RUNS_PER_HOUR: count.default(20),
  API_AUTH: z.enum(['key', 'entra']).default('key'),
  API_AUDIENCE: z.string().optional(),
  API_TENANT_ID: z.guid().optional(),
});

const EXAMPLES: Partial<Record<keyof typeof Settings.shape, string>> = {
  KEY_VAULT_URL: 'https://kv-haymaker.vault.azure.net',
  CONTAINER_REGISTRY: 'acrhaymaker.azurecr.io',
  CONTAINER_IMAGE: 'haymaker/agent:1.0.0',
  CONTAINER_APPS_ENVIRONMENT_ID:
    '/subscriptions/<id>/resourceGroups/rg-haymaker/providers/Microsoft.App/managedEnvironments/cae-haymaker',
  AGENT_IDENTITY_ID:
    '/subscriptions/<id>/resourceGroups/rg-haymaker/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-haymaker-agent',
  AGENT_EVENTS_IDENTITY_ID:
    '/subscriptions/<id>/resourceGroups/rg-haymaker/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-haymaker-events',
  RUN_DURATION: 'PT8H',
  ANTHROPIC_MODEL: 'claude-sonnet-5-5',
  SCENARIO_WEIGHTS: 'networking=3,ai-ml=0',
  EXCLUDED_SCENARIOS: 'networking-04,compute-02',
  CHECK_INTERVAL: 'PT15M',
  JANITOR_PATIENCE: 'PT30M',
  RECORD_RETENTION: 'P90D',
  API_AUDIENCE: 'api://haymaker',
};

export interface Config {
  readonly keyVaultUrl: string;
  /** Where the agents work. When not set here, Key Vault's target-tenant-id and target-subscription-id are read. */
  readonly tenantId: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly serviceBus: { readonly namespace: string | undefined; readonly endpoint: string | undefined };
  readonly storage: { readonly account: string } | { readonly connectionString: string };
  readonly registry: string;
  readonly image: { readonly repository: string; readonly reference: string; readonly full: string };
  readonly environmentId: string;
  readonly agentIdentityId: string;
  readonly eventsIdentityId: string;
  readonly location: string;
  readonly simulationSize: SimulationSize;
  readonly runSeconds: number;
  readonly checkIntervalSeconds: number;
  readonly graceSeconds: number;
  readonly cleanup: CleanupPolicy;
  /** Lower-case names of groups in which nothing is ever deleted; the platform's own group is always one of them. */
  readonly protectedGroups: readonly string[];
  readonly maxDeletionsPerCall: number;
  /** A resource that every source must be able to see, so that "nothing" from a blind identity is not believed. */
  readonly canaryId: string;
  readonly schedule: string;
  /** Between the janitor's first sight of a dead run and its removal. */
  readonly janitorPatienceSeconds: number;
  /** How long a run's records, logs, report and history are kept after it began. */
  readonly retentionSeconds: number;
  readonly agentCpu: number;
  readonly agentMemory: string;
  readonly workloadProfile: string;
  /** Whom agents ask when a command fails; the agent's own default when it is not set. */
  readonly anthropicModel: string | undefined;
  readonly allowPrivileged: boolean;
  readonly selection: SelectionPolicy;
  /** Of runs that are started over the API. */
  readonly limits: { readonly concurrentRuns: number; readonly runsPerHour: number };
  readonly api: ApiAccess;
}

/**
 * Who checks callers of the API: the platform, by key, or the app itself, by Entra token. In a token the audience is the
 * application's id URI (version 1) or its client id (version 2), so there may be several.
 */
export type ApiAccess =
  | { readonly auth: 'key' }
  | { readonly auth: 'entra'; readonly audiences: readonly string[]; readonly tenantId: string | undefined };

/**
 * Reads the settings. Secrets are not settings: they stay in Key Vault.
 * @throws SettingError naming every setting that is missing or wrong, what is wrong and an example.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Settings.safeParse(given);
  if (!parsed.success) throw new SettingError(explain(parsed.error, given));
  const s = parsed.data;
  const [repository = '', reference = ''] = s.CONTAINER_IMAGE.split(/[:@](.*)/s);
  return {
    keyVaultUrl: s.KEY_VAULT_URL,
    tenantId: s.AZURE_TENANT_ID,
    subscriptionId: s.AZURE_SUBSCRIPTION_ID,
    serviceBus: { namespace: s.SERVICE_BUS_NAMESPACE, endpoint: s.SERVICE_BUS_ENDPOINT },
    storage: storageAccess(s),
    registry: s.CONTAINER_REGISTRY,
    image: { repository, reference, full: `${s.CONTAINER_REGISTRY}/${s.CONTAINER_IMAGE}` },
    environmentId: s.CONTAINER_APPS_ENVIRONMENT_ID,
    agentIdentityId: s.AGENT_IDENTITY_ID,
    eventsIdentityId: s.AGENT_EVENTS_IDENTITY_ID,
    location: s.LOCATION,
    simulationSize: s.SIMULATION_SIZE,
    runSeconds: s.RUN_DURATION,
    checkIntervalSeconds: s.CHECK_INTERVAL,
    graceSeconds: s.CLEANUP_GRACE,
    cleanup: {
      rounds: s.CLEANUP_ROUNDS,
      cleanPasses: s.CLEAN_PASSES,
      passIntervalSeconds: s.CLEAN_PASS_INTERVAL,
    },
    protectedGroups: s.PROTECTED_GROUPS,
    maxDeletionsPerCall: s.MAX_DELETIONS_PER_CALL,
    canaryId: s.CANARY_RESOURCE_ID ?? s.CONTAINER_APPS_ENVIRONMENT_ID,
    schedule: s.HAYMAKER_SCHEDULE,
    janitorPatienceSeconds: s.JANITOR_PATIENCE,
    retentionSeconds: s.RECORD_RETENTION,
    agentCpu: s.AGENT_CPU,
    agentMemory: s.AGENT_MEMORY,
    workloadProfile: s.WORKLOAD_PROFILE,
    anthropicModel: s.ANTHROPIC_MODEL,
    allowPrivileged: s.ALLOW_PRIVILEGED_SCENARIOS,
    selection: {
      weights: s.SCENARIO_WEIGHTS,
      ...(s.RUN_COST_CEILING_USD !== undefined && { costCeilingUsd: s.RUN_COST_CEILING_USD }),
      excluded: s.EXCLUDED_SCENARIOS,
      minAreas: s.MIN_AREAS,
      avoidRepeats: s.AVOID_REPEATS,
    },
    limits: { concurrentRuns: s.MAX_CONCURRENT_RUNS, runsPerHour: s.MAX_RUNS_PER_HOUR },
    api: apiAccess(s),
  };
}

function apiAccess(s: z.infer<typeof Settings>): ApiAccess {
  if (s.API_AUTH === 'key') return { auth: 'key' };
  const audiences = (s.API_AUDIENCE ?? '').split(/[\s,]+/).filter((audience) => audience !== '');
  if (audiences.length === 0) {
    throw new SettingError(
      `API_AUTH is entra, but API_AUDIENCE is not set. Example: ${EXAMPLES.API_AUDIENCE}, or the application's client id.`,
    );
  }
  return { auth: 'entra', audiences, tenantId: s.API_TENANT_ID ?? s.AZURE_TENANT_ID };
}

function storageAccess(s: z.infer<typeof Settings>): Config['storage'] {
  const account = s.STORAGE_ACCOUNT ?? s.AzureWebJobsStorage__accountName;
  if (account) return { account };
  if (s.AzureWebJobsStorage) return { connectionString: s.AzureWebJobsStorage };
  throw new SettingError(
    'No storage: set STORAGE_ACCOUNT (an account name, read by identity) or AzureWebJobsStorage (a connection string).',
  );
}

function explain(error: z.ZodError, given: Readonly<Record<string, unknown>>): string {
  const lines = error.issues.map((issue) => {
    const name = String(issue.path[0]) as keyof typeof Settings.shape;
    const example = EXAMPLES[name] ? ` Example: ${EXAMPLES[name]}` : '';
    if (!(name in given)) return `${name} is not set.${example}`;
    return `${name} is wrong: ${issue.message}.${example}`;
  });
  return `Settings: ${lines.join(' ')}`;
}
