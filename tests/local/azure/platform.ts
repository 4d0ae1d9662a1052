import type { Job } from '@azure/arm-appcontainers';
import type { Cloud } from '../../../local/azure/cloud.ts';
import type { Principal } from '../../../local/azure/core.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { IDS, WORLD } from '../../../local/world.ts';

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** Puts into an empty cloud what Container Apps needs around a job: the group, two identities, and their roles. */
export function seedPlatform(cloud: Cloud): void {
  const { authorization } = cloud;
  const group = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${WORLD.platformGroup}`;
  putResource(cloud, group, 'Microsoft.Resources/resourceGroups', {});
  putIdentity(cloud, IDS.agentIdentity, WORLD.agentIdentity);
  putIdentity(cloud, IDS.eventsIdentity, WORLD.eventsIdentity);
  authorization.seed(
    WORLD.app.oid,
    ROLES.orchestrator,
    `/subscriptions/${WORLD.subscriptionId}`,
    'orchestrator',
  );
  authorization.seed(WORLD.app.oid, ROLES.jobRunner, group, 'job-runner');
  authorization.seed(WORLD.agentIdentity.oid, ROLES.acrPull, IDS.registry, 'pull');
  authorization.seed(WORLD.agentIdentity.oid, ROLES.keyVaultSecretsUser, IDS.keyVault, 'read');
  authorization.seed(WORLD.eventsIdentity.oid, ROLES.serviceBusDataSender, IDS.topic, 'send');
}

/** Puts a resource, or a resource group, into the store as if it had always been there. */
export function putResource(
  cloud: Cloud,
  id: string,
  type: string,
  properties: Record<string, unknown>,
): void {
  cloud.resources.put({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type,
    location: WORLD.location,
    tags: {},
    properties,
    rest: {},
    createdAt: cloud.now(),
    createdBy: 'platform',
  });
}

function putIdentity(cloud: Cloud, id: string, principal: Principal): void {
  cloud.directory.addManagedIdentity(principal);
  putResource(cloud, id, TYPE, { principalId: principal.oid, clientId: principal.appId });
}

/** A job like those that the app deploys. */
export function agentJob(env: Record<string, string>, replicaTimeout = 60): Job {
  return {
    location: WORLD.location,
    tags: { 'AzureHayMaker-managed': 'true' },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [IDS.agentIdentity]: {}, [IDS.eventsIdentity]: {} },
    },
    environmentId: IDS.environment,
    workloadProfileName: 'Consumption',
    configuration: {
      triggerType: 'Manual',
      replicaTimeout,
      replicaRetryLimit: 0,
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 },
      registries: [{ server: WORLD.registry, identity: IDS.agentIdentity }],
      secrets: [
        {
          name: 'anthropic-api-key',
          keyVaultUrl: `${WORLD.keyVaultUrl}/secrets/anthropic-api-key`,
          identity: IDS.agentIdentity,
        },
      ],
      identitySettings: [
        { identity: IDS.agentIdentity, lifecycle: 'None' },
        { identity: IDS.eventsIdentity, lifecycle: 'Main' },
      ],
    },
    template: {
      containers: [
        {
          name: 'agent',
          image: `${WORLD.registry}/${WORLD.image}`,
          resources: { cpu: 0.5, memory: '1Gi' },
          env: [
            ...Object.entries(env).map(([name, value]) => ({ name, value })),
            { name: 'ANTHROPIC_API_KEY', secretRef: 'anthropic-api-key' },
          ],
        },
      ],
    },
  };
}
