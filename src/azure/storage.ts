import { randomUUID } from 'node:crypto';
import { Rejected } from '../domain/errors.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import type { StorageAccess } from './storageAccess.ts';
import { createTables, type Tables } from './tables.ts';

export type { StorageAccess } from './storageAccess.ts';
export { odata, type TableEntity, tableKey } from './tables.ts';

const CHECK_CONTAINER = 'checks';
const CHECK_TABLE = 'Checks';

/** The storage account of records: blobs and tables. Durable state lives in the same account and is not touched here. */
export interface Storage extends Blobs, Tables {
  /** Writes, reads and deletes a blob and a table row; throws what failed. */
  check(): Promise<void>;
}

export function createStorage(access: StorageAccess): Storage {
  const blobs = createBlobs(access);
  const tables = createTables(access);

  async function checkBlob(probe: string): Promise<void> {
    await blobs.writeBlob(CHECK_CONTAINER, probe, probe, 'text/plain');
    const read = await blobs.readBlob(CHECK_CONTAINER, probe);
    await blobs.removeBlob(CHECK_CONTAINER, probe);
    if (read !== probe)
      throw new Rejected(`reading back blob ${CHECK_CONTAINER}/${probe}: another text came.`);
  }

  async function checkRow(probe: string): Promise<void> {
    await tables.upsert(CHECK_TABLE, { partitionKey: 'check', rowKey: probe, probe }, 'replace');
    const read = await tables.get(CHECK_TABLE, 'check', probe);
    await tables.remove(CHECK_TABLE, 'check', probe);
    if (read?.probe !== probe)
      throw new Rejected(`reading back a row of table ${CHECK_TABLE}: another value came.`);
  }

  return {
    ...blobs,
    ...tables,
    async check() {
      const probe = randomUUID();
      await Promise.all([checkBlob(probe), checkRow(probe)]);
    },
  };
}
