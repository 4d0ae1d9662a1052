import pLimit from 'p-limit';
import type { TableEntity } from '../azure/tables.ts';
import type { LedgerChange, LedgerEntry } from '../domain/ledger.ts';
import { scenarioOf } from '../domain/naming.ts';
import type { CleanupStatus } from '../domain/run.ts';
import { fromColumns, toColumns } from './columns.ts';
import { type ListQuery, listKey, readAll, readPage } from './list.ts';
import type { Storage } from './records.ts';
import type { RunStarts } from './runStarts.ts';

const RESOURCE_LIST = 'ResourceList';
const CONCURRENT_WRITES = 8;

/** Types for what Resource Manager has no type for in its id. */
const TYPES: Partial<Record<LedgerEntry['kind'], string>> = {
  'resource-group': 'Microsoft.Resources/resourceGroups',
  application: 'Microsoft.Graph/applications',
  'role-assignment': 'Microsoft.Authorization/roleAssignments',
  secret: 'Microsoft.KeyVault/vaults/secrets',
  job: 'Microsoft.App/jobs',
};

export type ResourceStatus = 'created' | 'deleted' | 'error';

/** One row: the ledger's entry in the words of the API. */
export type ListedResource = LedgerEntry & {
  readonly status: ResourceStatus;
  readonly scenario: string;
  readonly type: string;
  readonly runStartedAt: string;
};

/** The table ResourceList: the ledger of all runs, newest run first, kinds together. */
export function resourceList(storage: Storage, starts: RunStarts) {
  const put = (row: Omit<TableEntity, 'partitionKey'> & { rowKey: string }) =>
    storage.upsert(RESOURCE_LIST, { ...row, partitionKey: RESOURCE_LIST });

  async function rowOf(
    runId: string,
    ledgerKey: string,
    change: Partial<LedgerEntry> & Pick<LedgerEntry, 'kind' | 'id'>,
  ): Promise<TableEntity | undefined> {
    const runStartedAt = await starts.of(runId);
    if (!runStartedAt) return undefined;
    const { kind, agentId, resourceType, state } = change;
    const type = resourceType ?? TYPES[kind];
    return {
      ...toColumns(change),
      runId,
      runStartedAt,
      ...(type ? { type: type.toLowerCase(), typeName: type } : {}),
      ...(agentId ? { scenario: scenarioOf(agentId) } : {}),
      ...(state ? { status: statusOf(state) } : {}),
      partitionKey: RESOURCE_LIST,
      rowKey: listKey(runStartedAt, runId, kind, ledgerKey),
    };
  }

  return {
    /** Follows a change of the ledger. `ledgerKey` is the entry's row key there. */
    async note(
      runId: string,
      ledgerKey: string,
      change: Partial<LedgerEntry> & Pick<LedgerEntry, 'kind' | 'id'>,
    ): Promise<void> {
      const row = await rowOf(runId, ledgerKey, change);
      if (row) await put(row);
    },

    /** Follows many changes of the ledger at once. */
    async noteAll(changes: readonly (LedgerChange & { readonly ledgerKey: string })[]): Promise<void> {
      const rows = await Promise.all(
        changes.map(({ runId, ledgerKey, kind, id, change }) =>
          rowOf(runId, ledgerKey, { ...change, kind, id }),
        ),
      );
      await storage.upsertAll(
        RESOURCE_LIST,
        rows.filter((row) => row !== undefined),
      );
    },

    /** One page, newest run first. `type` in `where` must be lower case: types are not case-sensitive. */
    async page(
      { runId, ...query }: ListQuery & { readonly runId?: string | undefined },
      limit: number,
    ): Promise<{ resources: ListedResource[]; next: string | undefined }> {
      const { rows, next } = await readPage(
        storage,
        RESOURCE_LIST,
        { ...query, ...(runId ? await starts.rowsOf(runId) : {}) },
        limit,
      );
      return { resources: rows.map(toResource), next };
    },

    /** How many things have been made for a run so far. An intent is not yet a thing. */
    async count(runId: string): Promise<number> {
      const rows = readAll(storage, RESOURCE_LIST, await starts.rowsOf(runId), ['state']);
      let count = 0;
      for await (const row of rows) if (row.state !== 'intended') count += 1;
      return count;
    },

    /** How many of them the books do not have as deleted. */
    async open(runId: string): Promise<number> {
      const query = { ...(await starts.rowsOf(runId)), anyOf: { status: ['created', 'error'] } };
      let count = 0;
      for await (const _ of readAll(storage, RESOURCE_LIST, query, [])) count += 1;
      return count;
    },

    /**
     * What the clean-up has proven about a run's things. Verified: all are gone. Otherwise those that the last round
     * still saw are in error; of the others that were removed nobody knows better, and when every source has answered
     * they are gone. What was only intended and never seen was not made. Returns the totals.
     */
    async settle(
      runId: string,
      end: { status: CleanupStatus; at: string; remaining: readonly string[] },
    ): Promise<{ resourcesCreated: number; leakedResources: number }> {
      const query = await starts.rowsOf(runId);
      const remaining = new Set(end.remaining.map((id) => id.toLowerCase()));
      const limit = pLimit(CONCURRENT_WRITES);
      const writes: Promise<void>[] = [];
      let resourcesCreated = 0;
      let leakedResources = 0;
      for await (const row of readAll(storage, RESOURCE_LIST, query, COLUMNS)) {
        const left = end.status !== 'verified' && seenIn(remaining, row);
        const neverMade = row.neverMade === true || (row.state === 'intended' && end.status !== 'unknown');
        if (neverMade && !left) {
          writes.push(limit(() => storage.remove(RESOURCE_LIST, RESOURCE_LIST, row.rowKey)));
          continue;
        }
        resourcesCreated += 1;
        if (left) leakedResources += 1;
        const gone = !left && (end.status !== 'unknown' || row.removedAt !== undefined);
        const { rowKey } = row;
        if (left) writes.push(limit(() => put({ rowKey, status: 'error' })));
        else if (gone)
          writes.push(limit(() => put({ rowKey, status: 'deleted', removedAt: row.removedAt ?? end.at })));
      }
      await Promise.all(writes);
      return { resourcesCreated, leakedResources };
    },
  };
}
export type ResourceList = ReturnType<typeof resourceList>;

const COLUMNS = ['id', 'state', 'removedAt', 'directory', 'neverMade'];

function statusOf(state: LedgerEntry['state']): ResourceStatus {
  switch (state) {
    case 'intended':
    case 'created':
      return 'created';
    case 'deleted':
      return 'deleted';
    case 'quarantined':
      return 'error';
  }
}

/** In Entra a thing may be seen under its object, app or principal id. */
function seenIn(remaining: ReadonlySet<string>, row: TableEntity): boolean {
  const { id, directory } = fromColumns(row);
  const ids = [id, ...Object.values((directory as object | undefined) ?? {})];
  return ids.some((one) => typeof one === 'string' && remaining.has(one.toLowerCase()));
}

function toResource(row: TableEntity): ListedResource {
  const record = fromColumns(row);
  return { status: 'created', ...record, type: record.typeName ?? '' } as unknown as ListedResource;
}
