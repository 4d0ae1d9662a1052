import { odata } from '@azure/data-tables';
import type { TableEntity } from '../azure/tables.ts';
import { type AgentRecord, type FoldedState, foldState } from '../domain/agent.ts';
import type { Outcome } from '../domain/scenarioSums.ts';
import { fromColumns, toColumns } from './columns.ts';
import { type ListQuery, listKey, readAll, readPage } from './list.ts';
import type { Storage } from './records.ts';
import type { RunStarts } from './runStarts.ts';

const AGENTS = 'Agents';
const AGENT_LIST = 'AgentList';
const AGENT_RUNS = 'AgentRuns';

/** What an agent in a list is known by: all of its row but the times of its heartbeats. */
export type ListedAgent = AgentRecord & { readonly status: FoldedState; readonly runStartedAt: string };

/** Fields of an agent's row that change. */
export interface AgentChange {
  readonly runId: string;
  readonly agentId: string;
  readonly change: Partial<AgentRecord>;
}

/** The tables Agents (partition = run, row = agent), AgentList (newest run first) and AgentRuns (whose agent it is). */
export function agentRecords(storage: Storage, starts: RunStarts) {
  const runs = new Map<string, string>();

  /** The list's row for a change; undefined when the list does not show it, or nobody has recorded the run. */
  async function listRow({ runId, agentId, change }: AgentChange): Promise<TableEntity | undefined> {
    const { lastHeardAt, announcedEndAt, ...shown } = change;
    if (Object.keys(shown).length === 0) return undefined;
    const runStartedAt = await starts.of(runId);
    if (!runStartedAt) return undefined;
    return {
      ...toColumns(shown),
      ...(change.state ? { status: foldState(change.state) } : {}),
      runId,
      agentId,
      runStartedAt,
      partitionKey: AGENT_LIST,
      rowKey: listKey(runStartedAt, runId, agentId),
    };
  }

  return {
    /** Creates or changes an agent's row; fields that are left out keep their value. */
    async save(runId: string, agentId: string, change: Partial<AgentRecord>): Promise<void> {
      await storage.upsert(AGENTS, { ...toColumns(change), partitionKey: runId, rowKey: agentId });
      const row = await listRow({ runId, agentId, change });
      if (row) await storage.upsert(AGENT_LIST, row);
      if (change.scenarioId) {
        await storage.upsert(AGENT_RUNS, { partitionKey: AGENT_RUNS, rowKey: agentId, runId });
      }
    },

    /** Changes many agents' rows at once; fields that are left out keep their value. */
    async saveAll(changes: readonly AgentChange[]): Promise<void> {
      const rows = await Promise.all(changes.map(listRow));
      const planned = changes.filter(({ change }) => change.scenarioId);
      await Promise.all([
        storage.upsertAll(
          AGENT_RUNS,
          planned.map(({ runId, agentId }) => ({ partitionKey: AGENT_RUNS, rowKey: agentId, runId })),
        ),
        storage.upsertAll(
          AGENTS,
          changes.map(({ runId, agentId, change }) => ({
            ...toColumns(change),
            partitionKey: runId,
            rowKey: agentId,
          })),
        ),
        storage.upsertAll(
          AGENT_LIST,
          rows.filter((row) => row !== undefined),
        ),
      ]);
    },

    /** The agents of a run, by id. Rows that only an event made (no plan behind them) are left out. */
    async ofRun(runId: string): Promise<AgentRecord[]> {
      const agents: AgentRecord[] = [];
      for await (const row of storage.query(AGENTS, odata`PartitionKey eq ${runId}`)) {
        if (row.state)
          agents.push({ ...fromColumns(row), runId, agentId: row.rowKey } as unknown as AgentRecord);
      }
      return agents.sort((a, b) => a.agentId.localeCompare(b.agentId));
    },

    /** The run that an agent belongs to; undefined for an agent that was never planned. */
    async runOf(agentId: string): Promise<string | undefined> {
      const known = runs.get(agentId);
      if (known) return known;
      const row = await storage.get(AGENT_RUNS, AGENT_RUNS, agentId);
      if (!row) return undefined;
      runs.set(agentId, String(row.runId));
      return String(row.runId);
    },

    /** One page of agents, those of the newest run first. Rows that only an event made have no status and are left out. */
    async list(
      { runId, ...query }: ListQuery & { readonly runId?: string | undefined },
      limit: number,
      status?: FoldedState,
    ): Promise<{ agents: ListedAgent[]; next: string | undefined }> {
      const anyOf = status ? [status] : (['running', 'completed', 'failed'] as const);
      const wanted = { ...query, anyOf: { status: anyOf }, ...(runId ? await starts.rowsOf(runId) : {}) };
      const { rows, next } = await readPage(storage, AGENT_LIST, wanted, limit);
      return { agents: rows.map((row) => fromColumns(row) as unknown as ListedAgent), next };
    },

    /** How the agents of a run have fared so far, for sums. */
    async outcomes(runId: string): Promise<Outcome[]> {
      const agents: Outcome[] = [];
      const columns = ['scenarioId', 'state', 'startedAt', 'endedAt'];
      for await (const row of readAll(storage, AGENT_LIST, await starts.rowsOf(runId), columns)) {
        if (row.state) agents.push(fromColumns(row) as unknown as Outcome);
      }
      return agents;
    },
  };
}
