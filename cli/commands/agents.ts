import { type Command, Option } from 'commander';
import { Agent } from '../http/answers.ts';
import { listAll } from '../http/pages.ts';
import { wholeNumber } from '../options.ts';
import { type Column, renderTable } from '../output/table.ts';
import { instant } from '../output/text.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly status?: string;
  readonly runId?: string;
  readonly limit: number;
}

export function addAgents(program: Command, register: Register): void {
  const agents = program.command('agents').description('the agents of the runs');
  register<Options>(
    agents
      .command('list')
      .description('agents, the newest first')
      .addOption(
        new Option('--status <status>', 'in this state only').choices(['running', 'completed', 'failed']),
      )
      .option('--run-id <id>', 'of this run only')
      .option('--limit <n>', 'at most so many', wholeNumber(1, 10_000), 100),
    async (session, { status, runId, limit }) => {
      const query = { status, run_id: runId };
      const found = await listAll(session.client(), '/api/v1/agents', {
        name: 'agents',
        item: Agent,
        limit,
        query,
      });
      session.out.result(found, (screen) =>
        found.length === 0 ? 'No agents.' : renderTable(AGENT_COLUMNS, found, screen),
      );
    },
  );
}

/** Cut or left out in this order on a narrow screen; the id stays whole, for haymaker logs. */
export const AGENT_COLUMNS: readonly Column<Agent>[] = [
  { title: 'Agent', value: (row) => row.agent_id },
  { title: 'Scenario', value: (row) => row.scenario, min: 12, dispensable: 2 },
  { title: 'Status', value: (row) => row.status, isState: true },
  { title: 'Started (UTC)', value: (row) => instant(row.started_at), dispensable: 1 },
  { title: 'Ended (UTC)', value: (row) => instant(row.completed_at), dispensable: 3 },
  { title: 'What it says', value: (row) => row.error || row.progress, min: 24 },
];
