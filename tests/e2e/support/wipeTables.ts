import { TableClient, TableServiceClient } from '@azure/data-tables';
import { ManagedIdentityCredential } from '@azure/identity';

/** Deletes every row of every table of the storage account: the books are lost. */
const url = `https://${process.env.STORAGE_ACCOUNT}.table.core.windows.net`;
const credential = new ManagedIdentityCredential();
for await (const { name } of new TableServiceClient(url, credential).listTables()) {
  if (!name) continue;
  const table = new TableClient(url, name, credential);
  for await (const { partitionKey = '', rowKey = '' } of table.listEntities()) {
    await table.deleteEntity(partitionKey, rowKey);
  }
}
