import { odata } from '@azure/data-tables';
import type { AgentRecord } from '../domain/agent.ts';
import { fromColumns, toColumns } from './columns.ts';
import type { Storage } from './records.ts';

const AGENTS = 'Agents';

/** The table Agents: partition = run, row = agent. */
export function agentRecords(storage: Storage) {
  return {
    /** Creates or changes an agent's row; fields that are left out keep their value. */
    async save(runId: string, agentId: string, change: Partial<AgentRecord>): Promise<void> {
      await storage.upsert(AGENTS, { ...toColumns(change), partitionKey: runId, rowKey: agentId });
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
  };
}
