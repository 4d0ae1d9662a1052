import { odata } from '@azure/data-tables';
import { tableKey } from '../azure/tables.ts';
import type { Storage } from './records.ts';

const SIGHTINGS = 'Sightings';
const PARTITION = 'run';

/** The table Sightings: runs that the janitor saw with nothing alive behind them, and when it first did (ISO). */
export function sightingRecords(storage: Storage) {
  return {
    /** When each was first seen, by run id. */
    async all(): Promise<Map<string, string>> {
      const seen = new Map<string, string>();
      for await (const row of storage.query(SIGHTINGS, odata`PartitionKey eq ${PARTITION}`)) {
        seen.set(String(row.runId), String(row.firstSeenAt));
      }
      return seen;
    },

    /** Notes a first sighting; an earlier one stands. */
    async note(runId: string, firstSeenAt: string): Promise<void> {
      const row = { partitionKey: PARTITION, rowKey: tableKey(runId), runId, firstSeenAt };
      await storage.insertOnce(SIGHTINGS, row);
    },

    /** The run lives again, or nothing is left of it. */
    forget: (runId: string): Promise<void> => storage.remove(SIGHTINGS, PARTITION, tableKey(runId)),
  };
}
