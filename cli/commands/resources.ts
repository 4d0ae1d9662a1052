import { type Command, Option } from 'commander';
import { Resource } from '../http/answers.ts';
import { listAll } from '../http/pages.ts';
import { wholeNumber } from '../options.ts';
import { type Column, renderTable, type Screen } from '../output/table.ts';
import { count, instant, printable } from '../output/text.ts';
import type { Register } from '../register.ts';

const GROUPINGS = ['type', 'scenario', 'execution'] as const;
type Grouping = (typeof GROUPINGS)[number];

interface Options {
  readonly executionId?: string;
  readonly scenario?: string;
  readonly status?: string;
  readonly type?: string;
  readonly groupBy?: Grouping;
  readonly limit: number;
}

export function addResources(program: Command, register: Register): void {
  const resources = program.command('resources').description('what the agents made in Azure');
  register<Options>(
    resources
      .command('list')
      .description('resources, the newest first')
      .option('--execution-id <id>', 'of this run only')
      .option('--scenario <id>', 'of this scenario only')
      .addOption(
        new Option('--status <status>', 'in this state only').choices(['created', 'deleted', 'error']),
      )
      .option('--type <type>', 'of this resource type only')
      .addOption(new Option('--group-by <what>', 'a table for each').choices(GROUPINGS))
      .option('--limit <n>', 'at most so many', wholeNumber(1, 10_000), 100),
    async (session, { executionId, scenario, status, type, groupBy, limit }) => {
      const query = { execution_id: executionId, scenario, status, type };
      const found = await listAll(session.client(), '/api/v1/resources', {
        name: 'resources',
        item: Resource,
        limit,
        query,
      });
      session.out.result(found, (screen) => resourcesView(found, groupBy, screen));
    },
  );
}

const COLUMNS: readonly Column<Resource>[] = [
  { title: 'Name', value: (row) => row.name, min: 22, cut: 'middle' },
  { title: 'Type', value: (row) => row.type, min: 28, cut: 'middle' },
  { title: 'Status', value: (row) => row.status, isState: true },
  { title: 'Created (UTC)', value: (row) => instant(row.created_at), dispensable: 3 },
  { title: 'Deleted (UTC)', value: (row) => instant(row.deleted_at), dispensable: 2 },
  { title: 'Scenario', value: (row) => row.scenario, min: 10, dispensable: 1 },
  { title: 'Run', value: (row) => row.execution_id, dispensable: 4 },
];
const GROUP_KEY: Readonly<Record<Grouping, { title: string; key: (row: Resource) => string }>> = {
  type: { title: 'Type', key: (row) => row.type },
  scenario: { title: 'Scenario', key: (row) => row.scenario },
  execution: { title: 'Run', key: (row) => row.execution_id },
};

/** One table, or one for each value of what they are grouped by, the largest group first. Pure. */
export function resourcesView(
  found: readonly Resource[],
  groupBy: Grouping | undefined,
  screen: Screen,
): string {
  if (found.length === 0) return 'No resources.';
  if (!groupBy) return renderTable(COLUMNS, found, screen);
  const { title, key } = GROUP_KEY[groupBy];
  const columns = COLUMNS.filter((column) => column.title !== title);
  const groups = new Map<string, Resource[]>();
  for (const row of found) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups]
    .sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))
    .map(([name, rows]) => {
      const heading = screen.colours.bold(`${printable(name)} (${count(rows.length, 'resource')})`);
      return `${heading}\n${renderTable(columns, rows, screen)}`;
    })
    .join('\n\n');
}
