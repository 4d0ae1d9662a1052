import { type Command, Option } from 'commander';
import { nearest } from '../../src/scenarios/nearest.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { Scenario, Scenarios } from '../http/answers.ts';
import { type Column, renderFields, renderTable, type Screen } from '../output/table.ts';
import { count, printable } from '../output/text.ts';
import type { Register } from '../register.ts';
import { addScenarioCheck } from './scenarioCheck.ts';

interface ListOptions {
  readonly area?: string;
  readonly requires?: string;
}

export function addScenarios(program: Command, register: Register): void {
  const scenarios = program.command('scenarios').description('what agents can do');
  register<ListOptions>(
    scenarios
      .command('list')
      .description('the catalogue')
      .option('--area <name>', 'of this area only, such as Compute')
      .addOption(
        new Option('--requires <right>', 'with this need only').choices(['none', 'role-assignment', 'entra']),
      ),
    async (session, { area, requires }) => {
      const answer = await session
        .client()
        .get('/api/v1/scenarios', Scenarios, { query: { area, requires } });
      for (const { file, line, reason } of answer.rejected) {
        session.out.say(printable(`${file}:${line} is not used: ${reason}`));
      }
      session.out.result(answer.scenarios, (screen) =>
        answer.scenarios.length === 0 ? 'No scenarios.' : renderTable(COLUMNS, answer.scenarios, screen),
      );
    },
  );
  register<object>(
    scenarios.command('show').description('one scenario with its document').argument('<id>'),
    async (session, _options, id = '') => {
      const client = session.client();
      const { scenarios: all } = await client.get('/api/v1/scenarios', Scenarios);
      const known = all.find((each) => each.id === id || each.name === id);
      if (!known) throw unknownScenario(id, all);
      const found = await client.get(`/api/v1/scenarios/${encodeURIComponent(known.id)}`, Scenario);
      session.out.result(found, (screen) => scenarioView(found, screen));
    },
  );
  addScenarioCheck(scenarios, register);
}

function unknownScenario(id: string, all: readonly Scenario[]): CommandFailure {
  const close = nearest(
    id,
    all.map((each) => each.id),
    3,
  );
  return new CommandFailure(EXIT.notFound, `There is no scenario ${id}. Did you mean ${close.join(' or ')}?`);
}

const COLUMNS: readonly Column<Scenario>[] = [
  { title: 'Id', value: (row) => row.id },
  { title: 'Title', value: (row) => row.title, min: 20 },
  { title: 'Area', value: (row) => row.area, dispensable: 2 },
  { title: 'Needs', value: (row) => row.requires.join(', '), dispensable: 1 },
  { title: 'USD a run', value: (row) => row.estimated_cost_usd?.toFixed(2), align: 'right', dispensable: 3 },
];

function scenarioView(scenario: Scenario, screen: Screen): string {
  const fields = renderFields(
    [
      ['Id', printable(scenario.id)],
      ['Title', printable(scenario.title ?? '-')],
      ['Area', printable(scenario.area ?? '-')],
      ['Services', printable(scenario.services.join(', ')) || undefined],
      ['Needs', printable(scenario.requires.join(', ')) || 'nothing beyond its own resource group'],
      [
        'Cost',
        scenario.estimated_cost_usd == null
          ? undefined
          : `about ${scenario.estimated_cost_usd.toFixed(2)} USD a run`,
      ],
      ['Work', scenario.estimated_minutes == null ? undefined : count(scenario.estimated_minutes, 'minute')],
      ...scenario.references.map((url, index) => [index === 0 ? 'References' : '', printable(url)] as const),
    ],
    screen,
  );
  const body = scenario.body?.split('\n').map(printable).join('\n').trim();
  return body ? `${fields}\n\n${body}` : fields;
}
