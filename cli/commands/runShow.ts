import type { Command } from 'commander';
import { RunDetail } from '../http/answers.ts';
import { type Column, renderFields, renderTable, type Screen } from '../output/table.ts';
import { coloured, instant, instantFromNow, printable, span } from '../output/text.ts';
import type { Register } from '../register.ts';
import { AGENT_COLUMNS } from './agents.ts';
import { LEFTOVER_COLUMNS } from './cleanup.ts';

export function addRunShow(runs: Command, register: Register): void {
  register<object>(
    runs
      .command('show')
      .description('one whole run: phases, agents, and what every source said at the clean-up')
      .argument('<run-id>'),
    async (session, _options, id = '') => {
      const run = await session.client().get(`/api/v1/runs/${encodeURIComponent(id)}`, RunDetail);
      session.out.result(run, (screen) => runView(run, screen, session.now()));
    },
  );
}

/** A run as people read it: only the parts that there are. Pure. */
export function runView(run: RunDetail, screen: Screen, now: number): string {
  const parts: [title: string, body: string | undefined][] = [
    ['', summary(run, screen, now)],
    ['Checks that failed', failedChecks(run, screen)],
    ['Phases', run.phases.length > 0 ? phases(run, screen, now) : undefined],
    ['Agents', table(AGENT_COLUMNS, run.agents, screen)],
    ['Clean-up', table(EVIDENCE_COLUMNS, run.cleanup?.evidence ?? [], screen)],
    ['Left over', table(LEFTOVER_COLUMNS, run.cleanup?.leftovers ?? [], screen)],
  ];
  return parts
    .filter(([, body]) => body)
    .map(([title, body]) => (title ? `${screen.colours.bold(title)}\n${body}` : body))
    .join('\n\n');
}

function summary(run: RunDetail, screen: Screen, now: number): string {
  const { colours } = screen;
  const isLive = run.status === 'running';
  return renderFields(
    [
      ['Run', printable(run.run_id)],
      ['Status', coloured(run.status, colours)],
      ['Phase', isLive && run.phase ? printable(run.phase) : undefined],
      ['Clean-up', run.cleanup_status ? coloured(run.cleanup_status, colours) : undefined],
      [
        'Started',
        `${instantFromNow(run.started_at, now)}${run.trigger ? ` by ${printable(run.trigger)}` : ''}`,
      ],
      ['Window ends', isLive && run.scheduled_end_at ? instantFromNow(run.scheduled_end_at, now) : undefined],
      ['Ended', run.completed_at ? instant(run.completed_at) : undefined],
      ['Seed', run.seed ? printable(run.seed) : undefined],
      ['Resources', run.resources_created == null ? undefined : `${run.resources_created} created`],
      ['Left over', run.leaked_resources == null ? undefined : String(run.leaked_resources)],
      ['Error', run.error ? colours.red(printable(run.error)) : undefined],
    ],
    screen,
  );
}

function failedChecks(run: RunDetail, { colours }: Screen): string | undefined {
  const failed = run.checks.filter(({ passed }) => !passed);
  return failed.length === 0
    ? undefined
    : failed
        .map(({ name, detail, advice }) =>
          printable(`${name}: ${[detail, advice].filter(Boolean).join(' ')}`),
        )
        .map(colours.red)
        .join('\n');
}

function phases(run: RunDetail, screen: Screen, now: number): string {
  const columns: readonly Column<RunDetail['phases'][number]>[] = [
    { title: 'Phase', value: (row) => row.phase },
    { title: 'Began (UTC)', value: (row) => instant(row.started_at) },
    {
      title: 'Took',
      value: (row) =>
        row.ended_at
          ? span(Date.parse(row.ended_at) - Date.parse(row.started_at))
          : run.status === 'running'
            ? `${span(now - Date.parse(row.started_at))} so far`
            : '-',
      align: 'right',
    },
  ];
  return renderTable(columns, run.phases, screen);
}

type Evidence = NonNullable<RunDetail['cleanup']>['evidence'][number];
const EVIDENCE_COLUMNS: readonly Column<Evidence>[] = [
  { title: 'Source', value: (row) => row.source },
  { title: 'Asked (UTC)', value: (row) => instant(row.asked_at), dispensable: 1 },
  { title: 'Outcome', value: (row) => row.outcome, isState: true },
  { title: 'Found', value: (row) => row.found, align: 'right' },
  { title: 'Detail', value: (row) => row.detail, min: 12, dispensable: 2 },
];

function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  screen: Screen,
): string | undefined {
  return rows.length === 0 ? undefined : renderTable(columns, rows, screen);
}
