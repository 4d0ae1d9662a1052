import { odata } from '@azure/data-tables';
import type { Phase, RunRecord } from '../domain/run.ts';
import { PHASES } from '../domain/run.ts';
import type { ScenarioSums } from '../domain/scenarioSums.ts';
import { fromColumns, toColumns } from './columns.ts';
import { type ListQuery, listKey, readAll, readPage } from './list.ts';
import type { Storage } from './records.ts';
import type { RunStarts } from './runStarts.ts';

export const RUNS = 'Runs';
const RUN_LIST = 'RunList';
const PHASE_TIMES = 'RunPhases';
export const PARTITION = 'run';
const REMEMBERED = 1_000;

/** What the end of a run leaves in numbers, beside its row. */
export interface RunTotals {
  /** Everything that was made for it. */
  readonly resourcesCreated?: number;
  /** What its clean-up could not remove. */
  readonly leakedResources?: number;
  /** From the beginning of its clean-up to the proof that nothing is left; only of a run that was proven clean. */
  readonly cleanSeconds?: number;
  /** What its scenarios are estimated to cost, those of all agents that had a container. */
  readonly estimatedCostUsd?: number;
  /** How its agents fared: what a sum over many runs needs of them, so that it need not read them. */
  readonly byScenario?: ScenarioSums;
}
export type ListedRun = RunRecord & RunTotals;

/** The tables Runs (one row a run), RunList (the same, newest first) and RunPhases (when each phase began). */
export function runRecords(storage: Storage, starts: RunStarts) {
  const write = async (runId: string, change: Partial<ListedRun>): Promise<void> => {
    const columns = toColumns(change);
    await storage.upsert(RUNS, { ...columns, partitionKey: PARTITION, rowKey: runId });
    const startedAt = change.startedAt ?? (await starts.of(runId));
    if (!startedAt) return;
    starts.remember(runId, startedAt);
    const rowKey = listKey(startedAt, runId);
    await storage.upsert(RUN_LIST, { ...columns, runId, startedAt, partitionKey: RUN_LIST, rowKey });
  };

  /** Phases that this process knows to have begun: hundreds of activities of one phase say so. */
  const begun = new Set<string>();

  return {
    /** Creates or changes a run's row; fields that are left out keep their value. */
    save: write,

    /** Takes the id for the run that began at `startedAt` (ISO 8601); false when it belongs to another run. */
    async claim(runId: string, startedAt: string): Promise<boolean> {
      if (await storage.insertOnce(RUNS, { partitionKey: PARTITION, rowKey: runId, startedAt })) return true;
      return (await storage.get(RUNS, PARTITION, runId))?.startedAt === startedAt;
    },

    /** One page of runs, newest first. */
    async list(query: ListQuery, limit: number): Promise<{ runs: ListedRun[]; next: string | undefined }> {
      const { rows, next } = await readPage(storage, RUN_LIST, query, limit);
      return { runs: rows.map((row) => toRecord(String(row.runId), row)), next };
    },

    /** The outcomes of all runs that match, for sums. */
    async outcomes(query: ListQuery): Promise<ListedRun[]> {
      const runs: ListedRun[] = [];
      const columns = [
        'runId',
        'startedAt',
        'completedAt',
        'status',
        'cleanupStatus',
        'scenarios',
        'resourcesCreated',
        'leakedResources',
        'byScenario',
      ];
      for await (const row of readAll(storage, RUN_LIST, query, columns)) {
        runs.push(toRecord(String(row.runId), row));
      }
      return runs;
    },

    async get(runId: string): Promise<ListedRun | undefined> {
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

    /** All runs that the books know. */
    async all(): Promise<RunRecord[]> {
      const runs: RunRecord[] = [];
      for await (const row of storage.query(RUNS, odata`PartitionKey eq ${PARTITION}`)) {
        runs.push(toRecord(row.rowKey, row));
      }
      return runs;
    },

    /** Notes that a phase has begun; only the first call of a phase counts. */
    async begin(runId: string, phase: Phase, at: string): Promise<void> {
      const key = `${runId}/${phase}`;
      if (begun.has(key)) return;
      const first = await storage.insertOnce(PHASE_TIMES, {
        partitionKey: runId,
        rowKey: phase,
        startedAt: at,
      });
      if (first) await write(runId, { phase });
      if (begun.size >= REMEMBERED) begun.clear();
      begun.add(key);
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

function toRecord(runId: string, row: Readonly<Record<string, unknown>>): ListedRun {
  const defaults = {
    trigger: 'manual',
    phase: 'validating',
    status: 'running',
    cleanupStatus: 'pending',
    startedAt: '',
    scenarios: [],
  };
  return { ...defaults, ...fromColumns(row), runId } as unknown as ListedRun;
}
