import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { ManagedIdentityCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';

/**
 * Copies blobs of the storage account into a folder: `reportFiles.ts <account> <folder> <container/blob>...`. A process of
 * its own, because the proxy and the certificates of the stand-in have to be in the environment when Node starts.
 */
const [account = '', folder = '', ...blobs] = process.argv.slice(2);
const service = new BlobServiceClient(
  `https://${account}.blob.core.windows.net`,
  new ManagedIdentityCredential(),
);
await mkdir(folder, { recursive: true });
for (const blob of blobs) {
  const [container = '', ...rest] = blob.split('/');
  const client = service.getContainerClient(container).getBlobClient(rest.join('/'));
  await client.downloadToFile(path.join(folder, path.basename(blob)));
}
