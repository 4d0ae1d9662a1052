import { fromColumns, toColumns } from './columns.ts';
import type { Storage } from './records.ts';

const CLEANUPS = 'Cleanups';

/** One run of a clean-up, and what is done about it. */
export interface CleanupTarget {
  readonly runId: string;
  /** When the run began (ISO). */
  readonly startedAt: string;
  readonly how: 'dry-run' | 'stop' | 'close' | 'verify';
  readonly instanceId: string;
  /** What the books had as not deleted when the clean-up was asked for. */
  readonly found: number;
}

/** A clean-up that was asked for over the API: which runs it is about, and which instances do it. */
export interface CleanupRecord {
  readonly cleanupId: string;
  readonly createdAt: string;
  readonly dryRun: boolean;
  readonly runs: readonly CleanupTarget[];
}

/** The table Cleanups, by id. */
export function cleanupRecords(storage: Storage) {
  return {
    async save(record: CleanupRecord): Promise<void> {
      const { cleanupId } = record;
      await storage.upsert(CLEANUPS, { ...toColumns(record), partitionKey: CLEANUPS, rowKey: cleanupId });
    },
    async get(cleanupId: string): Promise<CleanupRecord | undefined> {
      const row = await storage.get(CLEANUPS, CLEANUPS, cleanupId);
      return row ? (fromColumns(row) as unknown as CleanupRecord) : undefined;
    },
  };
}
