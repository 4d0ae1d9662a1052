import { TableClient, TableServiceClient } from '@azure/data-tables';
import { ManagedIdentityCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';

/** Prints every blob and every table row of the storage account: what a thief of the account would read. */
const account = process.env.STORAGE_ACCOUNT ?? '';
const credential = new ManagedIdentityCredential();

const blobs = new BlobServiceClient(`https://${account}.blob.core.windows.net`, credential);
for await (const container of blobs.listContainers()) {
  const client = blobs.getContainerClient(container.name);
  for await (const blob of client.listBlobsFlat({ includeMetadata: true })) {
    const content = await client.getBlobClient(blob.name).downloadToBuffer();
    console.log(
      `blob ${container.name}/${blob.name} ${JSON.stringify(blob.metadata)}\n${content.toString('utf8')}`,
    );
  }
}

const url = `https://${account}.table.core.windows.net`;
for await (const table of new TableServiceClient(url, credential).listTables()) {
  if (!table.name) continue;
  for await (const row of new TableClient(url, table.name, credential).listEntities()) {
    console.log(`table ${table.name} ${JSON.stringify(row)}`);
  }
}
