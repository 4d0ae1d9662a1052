import { ResourceManagementClient } from '@azure/arm-resources';
import { ManagedIdentityCredential } from '@azure/identity';

/** Makes a resource group without tags: `makeGroup.ts <name>`. */
const [name = ''] = process.argv.slice(2);
const client = new ResourceManagementClient(
  new ManagedIdentityCredential(),
  process.env.AZURE_SUBSCRIPTION_ID ?? '',
);
await client.resourceGroups.createOrUpdate(name, { location: 'eastus' });
