import { TableClient } from '@azure/data-tables';
import { Blocked } from '../domain/errors.ts';
import { azureCall, clientOptions, orUndefined } from './call.ts';
import { fromAzure } from './errors.ts';
import { type StorageAccess, usesPlainHttp } from './storageAccess.ts';

export { odata } from '@azure/data-tables';

/** learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions */
const ROWS_PER_TRANSACTION = 100;

/** A row. Columns that are undefined are left out. */
export interface TableEntity {
  partitionKey: string;
  rowKey: string;
  [column: string]: string | number | boolean | undefined;
}

export interface QueryOptions {
  /** Rows a page, at most 1,000; read no more than are needed. */
  readonly pageSize?: number;
  /** Only these columns; all when left out. */
  readonly columns?: readonly string[];
}

/** A row as it was when it had this etag. */
export interface Version {
  readonly entity: TableEntity;
  readonly etag: string;
}

export interface Tables {
  /** Writes a row: 'merge' (default) keeps columns that are not given, 'replace' drops them. */
  upsert(table: string, entity: TableEntity, mode?: 'merge' | 'replace'): Promise<void>;
  /**
   * Merges rows, up to 100 of a partition in one transaction (the service's limit). Rows with the same keys become one:
   * the columns of the later win.
   */
  upsertAll(table: string, entities: readonly TableEntity[]): Promise<void>;
  /**
   * Writes a row unless its keys are taken; false when they are. After a lost answer it may be false for a row of this
   * very call: where that matters, write who inserts into the row and read it back.
   */
  insertOnce(table: string, entity: TableEntity): Promise<boolean>;
  get(table: string, partitionKey: string, rowKey: string): Promise<TableEntity | undefined>;
  /**
   * Rows that match an OData filter, in the order of their keys; build it with the `odata` tag, which quotes values. Only
   * as many pages are fetched as are read.
   */
  query(table: string, filter: string, options?: QueryOptions): AsyncIterable<TableEntity>;
  /** A row with its version, for replaceIf. */
  getVersion(table: string, partitionKey: string, rowKey: string): Promise<Version | undefined>;
  /** Replaces a row unless somebody has changed it since `etag`; false when somebody has. */
  replaceIf(table: string, entity: TableEntity, etag: string): Promise<boolean>;
  /** Deletes a row; absent is fine. */
  remove(table: string, partitionKey: string, rowKey: string): Promise<void>;
}

/** Tables of one storage account, made on first use. */
export function createTables(access: StorageAccess): Tables {
  const clients = new Map<string, Promise<TableClient>>();

  function open(table: string): Promise<TableClient> {
    const known = clients.get(table);
    if (known) return known;
    const opened = make(connect(access, table), table);
    clients.set(table, opened);
    opened.catch(() => clients.delete(table));
    return opened;
  }

  return {
    async upsert(table, entity, mode = 'merge') {
      const client = await open(table);
      await azureCall(`writing ${rowName(table, entity)}`, (abortSignal) =>
        client.upsertEntity(entity, mode === 'merge' ? 'Merge' : 'Replace', { abortSignal }),
      );
    },

    async upsertAll(table, entities) {
      const transactions = transactionsOf(entities);
      if (transactions.length === 0) return;
      const client = await open(table);
      await Promise.all(
        transactions.map((rows) =>
          azureCall(`writing ${rows.length} rows of table ${table}`, (abortSignal) =>
            client.submitTransaction(
              rows.map((row) => ['upsert', row, 'Merge']),
              { abortSignal },
            ),
          ),
        ),
      );
    },

    async insertOnce(table, entity) {
      const client = await open(table);
      try {
        await azureCall(`inserting ${rowName(table, entity)}`, (abortSignal) =>
          client.createEntity(entity, { abortSignal }),
        );
        return true;
      } catch (error) {
        if (error instanceof Blocked && error.code === 'EntityAlreadyExists') return false;
        throw error;
      }
    },

    async get(table, partitionKey, rowKey) {
      const client = await open(table);
      const row = await orUndefined(
        azureCall(`reading ${rowName(table, { partitionKey, rowKey })}`, (abortSignal) =>
          client.getEntity<TableEntity>(partitionKey, rowKey, { abortSignal }),
        ),
      );
      return row && withoutMetadata(row);
    },

    async getVersion(table, partitionKey, rowKey) {
      const client = await open(table);
      const row = await orUndefined(
        azureCall(`reading ${rowName(table, { partitionKey, rowKey })}`, (abortSignal) =>
          client.getEntity<TableEntity>(partitionKey, rowKey, { abortSignal }),
        ),
      );
      return row && { entity: withoutMetadata(row), etag: row.etag };
    },

    async replaceIf(table, entity, etag) {
      const client = await open(table);
      try {
        await azureCall(`replacing ${rowName(table, entity)}`, (abortSignal) =>
          client.updateEntity(entity, 'Replace', { etag, abortSignal }),
        );
        return true;
      } catch (error) {
        if (error instanceof Blocked) return false;
        throw error;
      }
    },

    async *query(table, filter, { pageSize, columns } = {}) {
      const client = await open(table);
      const select = columns ? { select: [...columns] } : {};
      const pages = client
        .listEntities<TableEntity>({ queryOptions: { filter, ...select } })
        .byPage(pageSize === undefined ? {} : { maxPageSize: pageSize })
        [Symbol.asyncIterator]();
      for (;;) {
        const page = await azureCall(`querying table ${table}`, () => pages.next());
        if (page.done) return;
        for (const row of page.value) yield withoutMetadata(row);
      }
    },

    async remove(table, partitionKey, rowKey) {
      const client = await open(table);
      await orUndefined(
        azureCall(`deleting ${rowName(table, { partitionKey, rowKey })}`, (abortSignal) =>
          client.deleteEntity(partitionKey, rowKey, { abortSignal }),
        ),
      );
    },
  };
}

/** Rows by partition, each row once, in transactions of at most 100. */
function transactionsOf(entities: readonly TableEntity[]): TableEntity[][] {
  const partitions = new Map<string, Map<string, TableEntity>>();
  for (const entity of entities) {
    const rows = partitions.get(entity.partitionKey) ?? new Map<string, TableEntity>();
    partitions.set(entity.partitionKey, rows);
    const given = Object.entries(entity).filter(([, value]) => value !== undefined);
    rows.set(entity.rowKey, { ...rows.get(entity.rowKey), ...Object.fromEntries(given) } as TableEntity);
  }
  return [...partitions.values()].flatMap((rows) => chunks([...rows.values()], ROWS_PER_TRANSACTION));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/**
 * Any text as a key of a table: `/ \ # ? %` and control characters, which keys must not have, become !hh, and so does
 * the exclamation mark, so that no two texts share a key
 * (learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
 */
export function tableKey(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that keys must not have
    /[/\\#?%!\u0000-\u001f\u007f-\u009f]/g,
    (character) => `!${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function connect(access: StorageAccess, table: string): TableClient {
  try {
    return 'connectionString' in access
      ? TableClient.fromConnectionString(access.connectionString, table, {
          ...clientOptions,
          allowInsecureConnection: usesPlainHttp(access.connectionString),
        })
      : new TableClient(
          `https://${access.account}.table.core.windows.net`,
          table,
          access.credential,
          clientOptions,
        );
  } catch (error) {
    throw fromAzure(error, `opening table ${table}`);
  }
}

async function make(client: TableClient, table: string): Promise<TableClient> {
  // The client itself takes TableAlreadyExists for success.
  await azureCall(`making table ${table}`, (abortSignal) => client.createTable({ abortSignal }));
  return client;
}

function rowName(table: string, { partitionKey, rowKey }: { partitionKey: string; rowKey: string }): string {
  return `row ${partitionKey}/${rowKey} of table ${table}`;
}

function withoutMetadata(row: TableEntity): TableEntity {
  const entity: TableEntity = { partitionKey: row.partitionKey, rowKey: row.rowKey };
  for (const [column, value] of Object.entries(row)) {
    if (column !== 'etag' && column !== 'timestamp' && !column.startsWith('odata.')) entity[column] = value;
  }
  return entity;
}
