import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { CommandFailure, EXIT } from '../exit.ts';
import { Report } from '../http/answers.ts';
import { type Column, renderFields, renderTable, type Screen } from '../output/table.ts';
import { coloured, instant, printable } from '../output/text.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly html?: boolean;
  readonly output?: string;
}

export function addRunReport(runs: Command, register: Register): void {
  register<Options>(
    runs
      .command('report')
      .description('the report of a run that has ended')
      .argument('<run-id>')
      .option('--html', 'as a page for the browser')
      .addOption(new Option('-o, --output <file>', 'write it to a file')),
    async (session, { html, output }, id = '') => {
      const client = session.client();
      const path = `/api/v1/runs/${encodeURIComponent(id)}/report`;
      if (html || output) {
        const format = html || /\.html?$/.test(output ?? '') ? 'html' : 'json';
        const response = await client.open(path, { query: { format } });
        const text = await response.text();
        if (!output) return void session.out.stdout.write(text);
        await write(output, text);
        return session.out.say(`Wrote ${output}.`);
      }
      const report = await client.get(path, Report, { query: { format: 'json' } });
      session.out.result(report, (screen) => reportView(report, id, screen));
    },
  );
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new CommandFailure(EXIT.failed, `${file} cannot be written. Choose another place with --output.`, {
      cause: error,
    });
  }
}

const AGENT_COLUMNS: readonly Column<Report['agents'][number]>[] = [
  { title: 'Agent', value: (row) => row.agentId },
  { title: 'State', value: (row) => row.state, isState: true },
  { title: 'Operations', value: (row) => row.operations, align: 'right', dispensable: 1 },
  { title: 'How it ended', value: (row) => row.outcome, min: 16 },
];

/** The report in short, and how to get all of it. Pure. */
export function reportView(report: Report, id: string, screen: Screen): string {
  const { created, removed, remaining } = report.resources;
  const fields = renderFields(
    [
      ['Run', printable(report.runId)],
      ['Status', coloured(report.status, screen.colours)],
      [
        'Clean-up',
        `${coloured(report.cleanup.status, screen.colours)} after ${report.cleanup.rounds.length} rounds`,
      ],
      ['Resources', `${created} created, ${removed} removed, ${remaining} left`],
      ['From', instant(report.startedAt)],
      ['To', instant(report.completedAt)],
    ],
    screen,
  );
  // What went wrong with an agent is in its row.
  const agents = new Set(report.agents.map(({ agentId }) => agentId));
  const parts = [
    printable(report.summary),
    fields,
    report.agents.length > 0 ? renderTable(AGENT_COLUMNS, report.agents, screen) : '',
    report.errors
      .filter(({ where }) => !agents.has(where))
      .map(({ where, message, advice }) => printable(`${where}: ${message} ${advice}`))
      .map(screen.colours.red)
      .join('\n'),
    `All of it: haymaker runs report ${printable(id)} --output report.html`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
