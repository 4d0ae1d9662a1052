import type { TokenCredential } from '@azure/identity';
import { type AppendBlobClient, BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { Blocked, Missing } from '../domain/errors.ts';
import { azureCall, orUndefined } from './call.ts';
import { chunkLines } from './chunkLines.ts';
import type { StorageAccess } from './storageAccess.ts';

export const EVENTS_CONTAINER = 'events';

/** An append blob takes 50,000 blocks; a part is closed earlier, at a size that can be read into memory. */
const MAX_PART_BYTES = 128 * 1024 * 1024;
const PART_IS_FULL = new Set(['BlockCountExceedsLimit', 'MaxBlobSizeConditionNotMet']);

const pipeline: StoragePipelineOptions = {
  retryOptions: { maxTries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 4_000, tryTimeoutInMs: 10_000 },
  userAgentOptions: { userAgentPrefix: 'azure-haymaker' },
};

export interface Blobs {
  /**
   * Appends one line each to the append blob `path` in the container events. A full blob is followed by `path`.1, .2 ...
   * A lost answer may write a line twice: readers go by event id.
   */
  appendLines(path: string, lines: readonly string[]): Promise<void>;
  /** Every line of the blob and its followers; none when there is no blob. */
  readLines(path: string): Promise<string[]>;
  /** Bytes of each part of what appendLines wrote to `path`; none when nothing was written. */
  partSizes(path: string): Promise<number[]>;
  /** `length` bytes of a part from `offset` on; fewer at its end. */
  readPart(path: string, part: number, offset: number, length: number): Promise<Buffer>;
  writeBlob(container: string, path: string, text: string, contentType: string): Promise<void>;
  readBlob(container: string, path: string): Promise<string | undefined>;
  /** Names of blobs; none when there is no container. */
  listBlobs(container: string, prefix: string): Promise<string[]>;
  removeBlob(container: string, path: string): Promise<void>;
}

/** Blobs of one storage account. Containers are made on first use. `maxPartBytes` is when appendLines goes on to a new blob. */
export function createBlobs(access: StorageAccess, { maxPartBytes = MAX_PART_BYTES } = {}): Blobs {
  const service = connect(access);
  const containers = new Map<string, Promise<void>>();
  /** The part that each path is at, so that full ones are not tried again. */
  const currentPart = new Map<string, number>();

  function ensureContainer(name: string): Promise<void> {
    const known = containers.get(name);
    if (known) return known;
    const made = azureCall(`making container ${name}`, async (abortSignal) => {
      await service.getContainerClient(name).createIfNotExists({ abortSignal });
    });
    containers.set(name, made);
    made.catch(() => containers.delete(name));
    return made;
  }

  const partName = (path: string, part: number) => (part === 0 ? path : `${path}.${part}`);
  const partClient = (path: string, part: number) =>
    service.getContainerClient(EVENTS_CONTAINER).getAppendBlobClient(partName(path, part));

  async function appendBlock(client: AppendBlobClient, block: string): Promise<void> {
    await azureCall(`appending to blob ${client.name}`, (abortSignal) =>
      client.appendBlock(block, Buffer.byteLength(block), {
        abortSignal,
        conditions: { maxSize: maxPartBytes },
      }),
    );
  }

  async function createPart(client: AppendBlobClient): Promise<void> {
    await ensureContainer(EVENTS_CONTAINER);
    await azureCall(`making blob ${client.name}`, (abortSignal) => client.createIfNotExists({ abortSignal }));
  }

  async function appendToCurrentPart(path: string, block: string): Promise<void> {
    for (;;) {
      const part = currentPart.get(path) ?? 0;
      const client = partClient(path, part);
      try {
        return await appendBlock(client, block);
      } catch (error) {
        if (error instanceof Missing) await createPart(client);
        else if (error instanceof Blocked && PART_IS_FULL.has(error.code)) currentPart.set(path, part + 1);
        else throw error;
      }
    }
  }

  async function readBlob(container: string, path: string): Promise<string | undefined> {
    const buffer = await orUndefined(
      azureCall(`reading blob ${container}/${path}`, (abortSignal) =>
        service
          .getContainerClient(container)
          .getBlobClient(path)
          .downloadToBuffer(0, undefined, { abortSignal }),
      ),
    );
    return buffer?.toString('utf8');
  }

  return {
    async appendLines(path, lines) {
      for (const block of chunkLines(lines, Math.min(maxPartBytes, 4 * 1024 * 1024 - 1))) {
        await appendToCurrentPart(path, block);
      }
    },

    async readLines(path) {
      const lines: string[] = [];
      for (let part = 0; ; part += 1) {
        const text = await readBlob(EVENTS_CONTAINER, partName(path, part));
        if (text === undefined) return lines;
        lines.push(...text.split('\n').filter((line) => line !== ''));
      }
    },

    async partSizes(path) {
      const sizes = await orUndefined(
        azureCall(`looking at blob ${path}`, async (abortSignal) => {
          const found = new Map<string, number>();
          const events = service.getContainerClient(EVENTS_CONTAINER);
          for await (const { name, properties } of events.listBlobsFlat({ prefix: path, abortSignal })) {
            found.set(name, properties.contentLength ?? 0);
          }
          return found;
        }),
      );
      const parts: number[] = [];
      for (;;) {
        const size = sizes?.get(partName(path, parts.length));
        if (size === undefined) return parts;
        parts.push(size);
      }
    },

    readPart(path, part, offset, length) {
      const client = partClient(path, part);
      return azureCall(`reading blob ${client.name}`, (abortSignal) =>
        client.downloadToBuffer(offset, length, { abortSignal }),
      );
    },

    async writeBlob(container, path, text, contentType) {
      await ensureContainer(container);
      await azureCall(`writing blob ${container}/${path}`, (abortSignal) =>
        service
          .getContainerClient(container)
          .getBlockBlobClient(path)
          .upload(text, Buffer.byteLength(text), {
            abortSignal,
            blobHTTPHeaders: { blobContentType: contentType },
          }),
      );
    },

    readBlob,

    async listBlobs(container, prefix) {
      const names = await orUndefined(
        azureCall(`listing blobs ${container}/${prefix}`, async (abortSignal) => {
          const found: string[] = [];
          const pages = service.getContainerClient(container).listBlobsFlat({ prefix, abortSignal });
          for await (const { name } of pages) found.push(name);
          return found;
        }),
      );
      return names ?? [];
    },

    async removeBlob(container, path) {
      await orUndefined(
        azureCall(`deleting blob ${container}/${path}`, (abortSignal) =>
          service.getContainerClient(container).deleteBlob(path, { abortSignal }),
        ),
      );
    },
  };
}

function connect(access: StorageAccess): BlobServiceClient {
  if ('connectionString' in access) {
    return BlobServiceClient.fromConnectionString(access.connectionString, pipeline);
  }
  const credential: TokenCredential = access.credential;
  return new BlobServiceClient(`https://${access.account}.blob.core.windows.net`, credential, pipeline);
}
