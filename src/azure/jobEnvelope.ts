import type { Job } from '@azure/arm-appcontainers';

/** One agent's container, in our words. CPU in cores, memory as Container Apps writes it ("4Gi"). */
export interface AgentJob {
  name: string;
  /** Default: the environment's location. */
  location?: string;
  tags: Record<string, string>;
  image: string;
  registryServer: string;
  /** Pulls the image and reads Key Vault references; not available inside the container. */
  pullIdentityId: string;
  /** Sends events; available inside the container. */
  eventsIdentityId: string;
  cpu: number;
  memory: string;
  workloadProfile: string;
  replicaTimeoutSeconds: number;
  secrets: { name: string; keyVaultUrl: string }[];
  env: ({ name: string; value: string } | { name: string; secretRef: string })[];
}

/**
 * The job as Container Apps wants it: started by hand, one replica, never retried, because an agent that is run twice
 * would make everything twice. Lifecycle None keeps the pulling identity, and with it the other agents' secrets, out of
 * the agent's reach (learn.microsoft.com/azure/container-apps/managed-identity#control-managed-identity-availability).
 */
export function jobEnvelope(job: AgentJob, environmentId: string, location: string): Job {
  return {
    location,
    tags: job.tags,
    environmentId,
    workloadProfileName: job.workloadProfile,
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [job.pullIdentityId]: {}, [job.eventsIdentityId]: {} },
    },
    configuration: {
      triggerType: 'Manual',
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 },
      replicaTimeout: job.replicaTimeoutSeconds,
      replicaRetryLimit: 0,
      registries: [{ server: job.registryServer, identity: job.pullIdentityId }],
      secrets: job.secrets.map(({ name, keyVaultUrl }) => ({
        name,
        keyVaultUrl,
        identity: job.pullIdentityId,
      })),
      identitySettings: [
        { identity: job.pullIdentityId, lifecycle: 'None' },
        { identity: job.eventsIdentityId, lifecycle: 'Main' },
      ],
    },
    template: {
      containers: [
        { name: 'agent', image: job.image, resources: { cpu: job.cpu, memory: job.memory }, env: job.env },
      ],
    },
  };
}
