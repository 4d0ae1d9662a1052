/**
 * The pretend tenant that the stand-in plays and the local app settings point at. Real host names: the SDK clients reach
 * them through a CONNECT proxy on loopback, so nothing in the app knows that it is not Azure.
 */
export const WORLD = {
  tenantId: '8f3c1a52-6d0e-4b7a-9c41-2e5d7f90ab13',
  subscriptionId: '2b9e64d7-0c35-4f18-a6d2-91c7e3f8b540',
  location: 'eastus',
  platformGroup: 'rg-haymaker',
  keyVaultUrl: 'https://kv-haymaker.vault.azure.net',
  serviceBusNamespace: 'sb-haymaker.servicebus.windows.net',
  topic: 'agent-logs',
  subscription: 'log-processor',
  storageAccount: 'sthaymaker',
  registry: 'acrhaymaker.azurecr.io',
  image: 'haymaker/agent:1.0.0',
  environmentName: 'cae-haymaker',
  /** The function app's managed identity. */
  app: {
    oid: '5a1f0c3e-9b7d-4e26-8f05-6c2d1b4a7e90',
    appId: 'c0d7e2b1-3f48-4a95-b6e3-7d1f8a20c554',
    displayName: 'id-haymaker-app',
  },
  /** Pulls the image and reads Key Vault references; not visible inside a container. */
  agentIdentity: {
    oid: '71be4d09-c2a6-4f3b-95d8-0e6a1c7f3b28',
    appId: '3e9a5c84-16bd-47f0-8d2c-f5b07e914ad6',
    displayName: 'id-haymaker-agent',
  },
  /** May send to the topic and nothing else; visible inside the containers. */
  eventsIdentity: {
    oid: 'd46a8f17-50be-4c92-a37d-1b9e0c5f2a83',
    appId: '90c2e7f5-8a14-4db3-96ef-2d7c4b1a5e08',
    displayName: 'id-haymaker-events',
  },
} as const;

const platform = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${WORLD.platformGroup}/providers`;

export const IDS = {
  environment: `${platform}/Microsoft.App/managedEnvironments/${WORLD.environmentName}`,
  agentIdentity: `${platform}/Microsoft.ManagedIdentity/userAssignedIdentities/${WORLD.agentIdentity.displayName}`,
  eventsIdentity: `${platform}/Microsoft.ManagedIdentity/userAssignedIdentities/${WORLD.eventsIdentity.displayName}`,
  keyVault: `${platform}/Microsoft.KeyVault/vaults/kv-haymaker`,
  serviceBus: `${platform}/Microsoft.ServiceBus/namespaces/sb-haymaker`,
  topic: `${platform}/Microsoft.ServiceBus/namespaces/sb-haymaker/topics/agent-logs`,
  storage: `${platform}/Microsoft.Storage/storageAccounts/sthaymaker`,
  registry: `${platform}/Microsoft.ContainerRegistry/registries/acrhaymaker`,
} as const;

/** Where the local processes listen, all on 127.0.0.1. Written by the stand-in when it is up. */
export interface StandInAddresses {
  /** CONNECT proxy for HTTPS_PROXY. */
  readonly proxyUrl: string;
  /** Managed identity endpoint, plain http: IDENTITY_ENDPOINT. */
  readonly identityEndpoint: string;
  /** Value of IDENTITY_HEADER that speaks for the function app. */
  readonly identityHeader: string;
  /** Service Bus over TLS: SERVICE_BUS_ENDPOINT, such as sb://127.0.0.1:5671 */
  readonly serviceBusEndpoint: string;
  /** Control endpoint for tests and the demo, plain http. */
  readonly controlUrl: string;
  readonly caPath: string;
}

/** App settings of the local function app: the same names an operator sets in Azure. */
export function appSettings(durations: Record<string, string> = {}): Record<string, string> {
  return {
    AZURE_TENANT_ID: WORLD.tenantId,
    AZURE_SUBSCRIPTION_ID: WORLD.subscriptionId,
    LOCATION: WORLD.location,
    KEY_VAULT_URL: WORLD.keyVaultUrl,
    SERVICE_BUS_NAMESPACE: WORLD.serviceBusNamespace,
    ServiceBusConnection__fullyQualifiedNamespace: WORLD.serviceBusNamespace,
    STORAGE_ACCOUNT: WORLD.storageAccount,
    CONTAINER_REGISTRY: WORLD.registry,
    CONTAINER_IMAGE: WORLD.image,
    CONTAINER_APPS_ENVIRONMENT_ID: IDS.environment,
    AGENT_IDENTITY_ID: IDS.agentIdentity,
    AGENT_EVENTS_IDENTITY_ID: IDS.eventsIdentity,
    HAYMAKER_SCHEDULE: '0 0 0,6,12,18 * * *',
    JANITOR_SCHEDULE: '0 30 * * * *',
    ...durations,
  };
}

/** Environment variables that make unmodified SDK clients talk to the stand-in. */
export function standInEnvironment(at: StandInAddresses): Record<string, string> {
  return {
    HTTPS_PROXY: at.proxyUrl,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: at.caPath,
    IDENTITY_ENDPOINT: at.identityEndpoint,
    IDENTITY_HEADER: at.identityHeader,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    SERVICE_BUS_ENDPOINT: at.serviceBusEndpoint,
  };
}
