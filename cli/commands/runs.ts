import { type Command, Option } from 'commander';
import { Run, Stopping } from '../http/answers.ts';
import { listAll } from '../http/pages.ts';
import { since, wholeNumber } from '../options.ts';
import { type Column, renderTable } from '../output/table.ts';
import { instant, printable } from '../output/text.ts';
import type { Register } from '../register.ts';
import { addRunReport } from './runReport.ts';
import { addRunShow } from './runShow.ts';

const STATES = ['running', 'completed', 'completed_with_failures', 'failed', 'stopped'];

interface ListOptions {
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

export function addRuns(program: Command, register: Register): void {
  const runs = program.command('runs').description('runs: past ones and those that are live');
  register<ListOptions>(
    runs
      .command('list')
      .description('runs, the newest first')
      .addOption(new Option('--status <status>', 'in this state only').choices(STATES))
      .option('--from <time>', 'started then or later: 2d, or a time', (text: string) => since(text))
      .option('--to <time>', 'started before: 1h, or a time', (text: string) => since(text))
      .option('--limit <n>', 'at most so many', wholeNumber(1, 10_000), 20),
    async (session, { status, from, to, limit }) => {
      const query = { status, from, to };
      const found = await listAll(session.client(), '/api/v1/runs', {
        name: 'runs',
        item: Run,
        limit,
        query,
      });
      session.out.result(found, (screen) =>
        found.length === 0 ? 'No runs.' : renderTable(COLUMNS, found, screen),
      );
    },
  );
  addRunShow(runs, register);
  addRunReport(runs, register);
  register<{ reason?: string }>(
    runs
      .command('stop')
      .description('end the monitoring of a live run; clean-up and report follow')
      .argument('<run-id>')
      .option('--reason <text>', 'kept in the report'),
    async (session, { reason }, id = '') => {
      const path = `/api/v1/runs/${encodeURIComponent(id)}/stop`;
      const stopping = await session.client().post(path, Stopping, { body: reason ? { reason } : {} });
      session.out.result(
        stopping,
        () =>
          `${printable(stopping.run_id)} is stopping: clean-up and report follow.\nLook at it: haymaker runs show ${id}`,
      );
    },
  );
}

const COLUMNS: readonly Column<Run>[] = [
  { title: 'Run', value: (row) => row.run_id },
  { title: 'Status', value: (row) => row.status, isState: true },
  { title: 'Clean-up', value: (row) => row.cleanup_status, isState: true },
  { title: 'Started (UTC)', value: (row) => instant(row.started_at), dispensable: 2 },
  { title: 'Ended (UTC)', value: (row) => instant(row.completed_at), dispensable: 3 },
  { title: 'Trigger', value: (row) => row.trigger, dispensable: 4 },
  { title: 'Scenarios', value: (row) => row.scenarios.join(', '), min: 12, dispensable: 1 },
];
