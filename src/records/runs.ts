import { odata } from '@azure/data-tables';
import type { Phase, RunRecord } from '../domain/run.ts';
import { PHASES } from '../domain/run.ts';
import { fromColumns, toColumns } from './columns.ts';
import type { Storage } from './records.ts';

const RUNS = 'Runs';
const PHASE_TIMES = 'RunPhases';
const PARTITION = 'run';

/** The tables Runs (one row a run) and RunPhases (when each phase began). */
export function runRecords(storage: Storage) {
  return {
    /** Creates or changes a run's row; fields that are left out keep their value. */
    async save(runId: string, change: Partial<RunRecord>): Promise<void> {
      await storage.upsert(RUNS, { ...toColumns(change), partitionKey: PARTITION, rowKey: runId });
    },

    async get(runId: string): Promise<RunRecord | undefined> {
      const row = await storage.get(RUNS, PARTITION, runId);
      return row ? toRecord(runId, row) : undefined;
    },

    /** Runs whose row still says running, newest first. Whether they really live is the durable engine's to say. */
    async unfinished(): Promise<RunRecord[]> {
      const runs: RunRecord[] = [];
      for await (const row of storage.query(
        RUNS,
        odata`PartitionKey eq ${PARTITION} and status eq ${'running'}`,
      )) {
        runs.push(toRecord(row.rowKey, row));
      }
      return runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    },

    /** Notes that a phase has begun; only the first call of a phase counts. */
    async begin(runId: string, phase: Phase, at: string): Promise<void> {
      const first = await storage.insertOnce(PHASE_TIMES, {
        partitionKey: runId,
        rowKey: phase,
        startedAt: at,
      });
      if (first) await storage.upsert(RUNS, { partitionKey: PARTITION, rowKey: runId, phase });
    },

    /** The phases that were begun, in order; a phase ends where the next begins, the last one at `end`. */
    async phases(
      runId: string,
      end: string,
    ): Promise<{ phase: Phase; startedAt: string; endedAt: string }[]> {
      const begun: { phase: Phase; startedAt: string }[] = [];
      for await (const row of storage.query(PHASE_TIMES, odata`PartitionKey eq ${runId}`)) {
        begun.push({ phase: row.rowKey as Phase, startedAt: String(row.startedAt) });
      }
      begun.sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
      return begun.map((entry, index) => ({ ...entry, endedAt: begun[index + 1]?.startedAt ?? end }));
    },
  };
}

function toRecord(runId: string, row: Readonly<Record<string, unknown>>): RunRecord {
  const defaults = {
    trigger: 'manual',
    phase: 'validating',
    status: 'running',
    cleanupStatus: 'pending',
    startedAt: '',
    scenarios: [],
  };
  return { ...defaults, ...fromColumns(row), runId } as unknown as RunRecord;
}
