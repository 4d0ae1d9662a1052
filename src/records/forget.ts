import { odata } from '@azure/data-tables';
import pLimit from 'p-limit';
import { listKey } from './list.ts';
import type { Storage } from './records.ts';

const CONCURRENT_REMOVALS = 8;

/** What is kept of one run apart from the proof: tables by partition, lists by key, blobs by folder. */
const OF_THE_RUN = ['Agents', 'Ledger', 'RunPhases'];
const LISTS = ['AgentList', 'ResourceList'];
const FOLDERS = ['events', 'runs', 'reports'];

/** Removes what is kept of old runs. The proofs stay: the chain must hold whatever is forgotten. */
export function forgetting(storage: Storage) {
  const limit = pLimit(CONCURRENT_REMOVALS);
  const removeRows = async (table: string, filter: string): Promise<void> => {
    const removals: Promise<void>[] = [];
    for await (const row of storage.query(table, filter, { columns: ['PartitionKey', 'RowKey'] })) {
      removals.push(limit(() => storage.remove(table, row.partitionKey, row.rowKey)));
    }
    await Promise.all(removals);
  };
  const removeBlobs = async (container: string, prefix: string): Promise<void> => {
    const names = await storage.listBlobs(container, prefix);
    await Promise.all(names.map((name) => limit(() => storage.removeBlob(container, name))));
  };

  return {
    /**
     * Removes rows, logs, documents and reports of one run; absent is fine, so that what was broken off can be repeated.
     * The run's place in the list of runs goes last: as long as it is there, the run will be found again.
     */
    async run(runId: string, startedAt: string): Promise<void> {
      for await (const row of storage.query('Agents', odata`PartitionKey eq ${runId}`)) {
        await storage.remove('AgentRuns', 'AgentRuns', row.rowKey);
      }
      const prefix = `${listKey(startedAt, runId)}|`;
      await Promise.all([
        ...OF_THE_RUN.map((table) => removeRows(table, odata`PartitionKey eq ${runId}`)),
        ...LISTS.map((table) =>
          removeRows(
            table,
            odata`PartitionKey eq ${table} and RowKey ge ${prefix} and RowKey lt ${`${prefix}~`}`,
          ),
        ),
        ...FOLDERS.map((container) => removeBlobs(container, `${runId}/`)),
      ]);
      await storage.remove('Runs', 'run', runId);
      await storage.remove('RunList', 'RunList', listKey(startedAt, runId));
    },

    /** Removes the messages that could not be read before `day` (such as 2026-11-21). */
    async unreadable(day: string): Promise<void> {
      const names = await storage.listBlobs('events', 'unreadable/');
      const old = names.filter(
        (name) => /^unreadable\/(\d{4}-\d\d-\d\d)\.jsonl/.test(name) && name.slice(11, 21) < day,
      );
      await Promise.all(old.map((name) => limit(() => storage.removeBlob('events', name))));
    },
  };
}
