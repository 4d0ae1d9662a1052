import { createHash } from 'node:crypto';
import { odata } from '@azure/data-tables';
import { closing, type LedgerChange, type LedgerEntry, type LedgerKind } from '../domain/ledger.ts';
import { fromColumns, toColumns } from './columns.ts';
import type { Storage } from './records.ts';
import type { ResourceList } from './resourceList.ts';

const LEDGER = 'Ledger';

/** The table Ledger: partition = run, row = hash of kind and id (ids are too long and have slashes). */
export function ledgerRecords(storage: Storage, resources: ResourceList) {
  const row = ({ runId, kind, id, change }: LedgerChange) => ({
    ...toColumns(change),
    kind,
    id,
    partitionKey: runId,
    rowKey: ledgerKey(kind, id),
  });
  const write = async (runId: string, kind: LedgerKind, id: string, change: Partial<LedgerEntry>) => {
    await storage.upsert(LEDGER, row({ runId, kind, id, change }));
    await resources.note(runId, ledgerKey(kind, id), { ...change, kind, id });
  };

  const writeAll = async (changes: readonly LedgerChange[]): Promise<void> => {
    await storage.upsertAll(LEDGER, changes.map(row));
    await resources.noteAll(
      changes.map((change) => ({ ...change, ledgerKey: ledgerKey(change.kind, change.id) })),
    );
  };

  return {
    /** Records what is about to be made, all of it together. Must be awaited before any of it is made. */
    intend: (...entries: readonly Omit<LedgerEntry, 'state'>[]): Promise<void> =>
      writeAll(entries.map((entry) => ({ ...entry, change: { ...entry, state: 'intended' } }))),

    /** Changes an entry, or adds one that nobody intended (an agent's announcement, a discovery). */
    note: write,

    /** The same for many at once; of two changes of one entry the later wins. */
    noteAll: writeAll,

    /** Closes entries that a verified clean-up has proven gone; those that are closed already stay as they are. */
    async close(entries: readonly LedgerEntry[]): Promise<void> {
      const open = entries.filter(({ state }) => state !== 'deleted');
      await writeAll(open.map((entry) => ({ ...entry, change: closing(entry) })));
    },

    /** All entries of a run. */
    async ofRun(runId: string): Promise<LedgerEntry[]> {
      const entries: LedgerEntry[] = [];
      for await (const row of storage.query(LEDGER, odata`PartitionKey eq ${runId}`)) {
        entries.push({ ...fromColumns(row), runId } as unknown as LedgerEntry);
      }
      return entries;
    },
  };
}

/** ARM ids are case-insensitive; everything else we name in lower case. */
export function ledgerKey(kind: LedgerKind, id: string): string {
  return createHash('sha256').update(`${kind}|${id.toLowerCase()}`).digest('hex').slice(0, 40);
}
