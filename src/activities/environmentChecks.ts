import { randomUUID } from 'node:crypto';
import { Denied, Missing, Rejected } from '../domain/errors.ts';
import { runPrefix, tagsFor } from '../domain/naming.ts';
import type { Services } from '../services.ts';

export interface Check {
  readonly name: string;
  /** Resolves with what was found; throws when it is not good enough. */
  run(): Promise<string>;
  /** What to do when it fails. */
  readonly advice: string;
}

/** Agents may not register resource providers (that is a right on the subscription), so these must be registered. */
const PROVIDERS = [
  'Microsoft.App',
  'Microsoft.CognitiveServices',
  'Microsoft.Compute',
  'Microsoft.ContainerInstance',
  'Microsoft.KeyVault',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.Sql',
  'Microsoft.Storage',
  'Microsoft.Web',
] as const;

/** After this the janitor may take a probe for a leftover. */
const PROBE_LIFE_MS = 3_600_000;
const ROUND_TRIP_MS = 25_000;

/** What must work before a run may begin. Each check is a real call; none leaves anything behind. */
export function environmentChecks(services: Services, runId: string): Check[] {
  const { config } = services;
  return [
    {
      name: 'target credentials',
      advice:
        'Give the app’s identity the HayMaker role on the target subscription, or correct main-sp-client-id and main-sp-client-secret in Key Vault.',
      run: async () => {
        const groups = await (await services.resources()).listGroups('hm-');
        return `may list resource groups (${groups.length} of ours)`;
      },
    },
    {
      name: 'subscription',
      advice: 'Check AZURE_SUBSCRIPTION_ID and that the subscription is enabled.',
      run: async () => {
        const state = await (await services.resources()).subscriptionState();
        if (state !== 'Enabled') throw new Rejected(`the subscription is ${state}`);
        return 'is enabled';
      },
    },
    {
      name: 'resource providers',
      advice: 'Register them once: az provider register --namespace <name>',
      run: async () => {
        const states = await (await services.resources()).providerStates(PROVIDERS);
        const missing = PROVIDERS.filter((name) => states[name] !== 'Registered');
        if (missing.length > 0) throw new Rejected(`not registered: ${missing.join(', ')}`);
        return `${PROVIDERS.length} are registered`;
      },
    },
    {
      name: 'microsoft graph',
      advice: 'Grant the app’s identity the Graph application permission Application.ReadWrite.OwnedBy.',
      run: async () => {
        const { roles } = await (await services.entra()).checkManageApplications();
        return `may manage applications (${roles.join(', ')})`;
      },
    },
    {
      name: 'key vault',
      advice: `Give the app’s identity Key Vault Secrets Officer on ${config.keyVaultUrl}, and check its network rules.`,
      run: async () => {
        // The probe is named and tagged as the run's: what a host that dies here leaves, the run's clean-up finds.
        const name = `${runPrefix(runId)}probe-${randomUUID().slice(0, 8)}`;
        const expiresOn = new Date(Date.now() + PROBE_LIFE_MS).toISOString();
        await (await services.keyVault()).checkReadWrite(name, tagsFor({ runId, expiresOn }, 'probe'));
        return 'a secret was written, read, deleted and purged';
      },
    },
    {
      name: 'service bus',
      advice:
        'Check the namespace, topic agent-logs and subscription log-processor, and that the app may send and receive.',
      run: () => roundTrip(services),
    },
    {
      name: 'storage',
      advice: 'Give the app’s identity Storage Blob and Table Data Contributor on the account.',
      run: async () => {
        await (await services.storage()).check();
        return 'a blob and a table row were written, read and deleted';
      },
    },
    {
      name: 'container apps environment',
      advice:
        'Check CONTAINER_APPS_ENVIRONMENT_ID and WORKLOAD_PROFILE: the environment must be Succeeded and have the profile.',
      run: async () => {
        const { state, workloadProfiles } = await (await services.containerApps()).environmentState();
        if (state !== 'Succeeded') throw new Rejected(`the environment is ${state}`);
        if (!workloadProfiles.includes(config.workloadProfile)) {
          throw new Rejected(
            `has no workload profile ${config.workloadProfile}, only ${workloadProfiles.join(', ')}`,
          );
        }
        return `is ready, profile ${config.workloadProfile}`;
      },
    },
    {
      name: 'agent image',
      advice: `Push ${config.image.full}, or correct CONTAINER_REGISTRY and CONTAINER_IMAGE; the app’s identity needs AcrPull.`,
      run: async () => {
        const { repository, reference } = config.image;
        const digest = await (await services.registry()).digestOf(repository, reference);
        return `${config.image.full} is ${digest.slice(0, 19)}…`;
      },
    },
    {
      name: 'anthropic api',
      advice: 'Put a valid key into the Key Vault secret anthropic-api-key.',
      run: async () => {
        const { checkAnthropic } = await import('../azure/anthropic.ts');
        const models = await checkAnthropic(await anthropicKey(services));
        return `the key is valid, ${models} models`;
      },
    },
  ];
}

async function anthropicKey(services: Services): Promise<string> {
  try {
    return await (await services.keyVault()).getSecret('anthropic-api-key');
  } catch (error) {
    if (error instanceof Missing)
      throw new Denied('Key Vault has no secret anthropic-api-key', { cause: error });
    throw error;
  }
}

/** A message sent to the topic must come out of the subscription: our own trigger takes it and notes it. */
async function roundTrip(services: Services): Promise<string> {
  const { events } = await services.records();
  const bus = await services.serviceBus();
  const begun = performance.now();
  await bus.roundTrip(ROUND_TRIP_MS, (probeId) => events.takeProbe(probeId));
  return `a message went through topic and subscription in ${Math.round(performance.now() - begun)} ms`;
}
