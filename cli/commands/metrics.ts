import type { Command } from 'commander';
import { Metrics } from '../http/answers.ts';
import { period } from '../options.ts';
import { type Column, renderFields, renderTable, type Screen } from '../output/table.ts';
import { instant, span } from '../output/text.ts';
import type { Register } from '../register.ts';

export function addMetrics(program: Command, register: Register): void {
  register<{ period: string; scenario?: string }>(
    program
      .command('metrics')
      .description('how runs went over a period, in all and per scenario')
      .option('--period <days>', 'how far back: 7d, 30d, 90d or another number of days', period, '7d')
      .option('--scenario <id>', 'of this scenario only'),
    async (session, options) => {
      const query = { period: options.period, scenario: options.scenario };
      const metrics = await session.client().get('/api/v1/metrics', Metrics, { query });
      session.out.result(metrics, (screen) => metricsView(metrics, options.period, screen));
    },
  );
}

const HOUR_MS = 3_600_000;

type ScenarioMetrics = Metrics['scenarios'][number];
const COLUMNS: readonly Column<ScenarioMetrics>[] = [
  { title: 'Scenario', value: (row) => row.scenario_name, min: 16 },
  { title: 'Runs', value: (row) => row.run_count, align: 'right' },
  { title: 'Succeeded', value: (row) => row.success_count, align: 'right' },
  { title: 'Failed', value: (row) => row.fail_count, align: 'right' },
  {
    title: 'Average',
    value: (row) => (row.avg_duration_hours == null ? '-' : span(row.avg_duration_hours * HOUR_MS)),
    align: 'right',
    dispensable: 1,
  },
];

/** Rates in per cent: an app that has seen no run has no rate. Pure. */
export function metricsView(metrics: Metrics, asked: string, screen: Screen): string {
  const percent = (rate: number | null | undefined) =>
    rate == null || metrics.total_executions === 0 ? '-' : `${(rate * 100).toFixed(1)} %`;
  const fields = renderFields(
    [
      ['Period', metrics.period ?? asked],
      ['Runs', String(metrics.total_executions)],
      ['Succeeded', percent(metrics.success_rate)],
      [
        'Cleaned up',
        metrics.cleanup_success_rate === undefined ? undefined : percent(metrics.cleanup_success_rate),
      ],
      ['Resources', String(metrics.total_resources)],
      ['Left over', metrics.leaked_resources == null ? undefined : String(metrics.leaked_resources)],
      ['Active agents', String(metrics.active_agents)],
      ['Last run', instant(metrics.last_execution)],
    ],
    screen,
  );
  return metrics.scenarios.length === 0
    ? fields
    : `${fields}\n\n${renderTable(COLUMNS, metrics.scenarios, screen)}`;
}
