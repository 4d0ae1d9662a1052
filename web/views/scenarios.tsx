import { useState } from 'preact/hooks';
import type { MetricsAnswer } from '../../src/api/schemas/metrics.ts';
import type { ScenarioInfo, ScenariosAnswer } from '../../src/api/schemas/scenarios.ts';
import { groupBy } from '../../src/report/group.ts';
import { count } from '../../src/report/units.ts';
import { Badge, Section } from '../../src/view/parts.tsx';
import { dollars } from '../../src/view/verdict.tsx';
import { get } from '../data/api.ts';
import { useLoaded } from '../data/load.ts';
import { Search } from '../parts/search.tsx';
import { StartBar } from '../parts/start.tsx';
import { Show } from '../parts/states.tsx';
import { hrefs } from '../route.ts';

/** As many as one run that is started over the API may have. */
const MOST = 5;
type History = MetricsAnswer['scenarios'][number];

/** The catalogue: what each scenario costs, how it went, and a way to start some. */
export function ScenariosView() {
  const catalogue = useLoaded('scenarios', (signal) => get<ScenariosAnswer>('/api/v1/scenarios', signal));
  const metrics = useLoaded('metrics 90d', (signal) =>
    get<MetricsAnswer>('/api/v1/metrics?period=90d', signal),
  );
  const history = new Map(
    metrics.state === 'loaded' ? metrics.value.scenarios.map((one) => [one.scenario_name, one]) : [],
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Scenarios</h1>
          <p class="lead">
            Choose up to {MOST} and start a run with them; or let the schedule choose. Success is of the last
            90 days.
          </p>
        </div>
      </div>
      <Show of={catalogue}>{(answer) => <Catalogue answer={answer} history={history} />}</Show>
    </>
  );
}

function Catalogue({
  answer: { scenarios, rejected },
  history,
}: {
  answer: ScenariosAnswer;
  history: ReadonlyMap<string, History>;
}) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const shown = scenarios.filter((scenario) => matches(scenario, text));
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  return (
    <>
      <div class="filters">
        <Search label="Find" text={text} hint="a title, a service, an area" onText={setText} />
      </div>
      {shown.length === 0 && <p class="empty">No scenario is like that.</p>}
      {[...groupBy(shown, ({ area }) => area)].map(([area, ofArea]) => (
        <Section key={area} id={`area-${area.toLowerCase().replace(/\W+/g, '-')}`} title={area}>
          <ul class="catalogue">
            {ofArea.map((scenario) => (
              <Scenario
                key={scenario.id}
                of={scenario}
                history={history.get(scenario.id)}
                chosen={chosen.includes(scenario.id)}
                full={chosen.length >= MOST}
                onToggle={() => toggle(scenario.id)}
              />
            ))}
          </ul>
        </Section>
      ))}
      {rejected.length > 0 && (
        <Section
          id="rejected"
          title="Documents that cannot be used"
          note={`${count(rejected.length, 'document')}; npm run check:scenarios says the same.`}
        >
          <ul class="plain">
            {rejected.map(({ file, line, reason }) => (
              <li key={file}>
                <span class="id">
                  {file}:{line}
                </span>{' '}
                {reason}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {chosen.length > 0 && (
        <StartBar
          scenarios={scenarios.filter(({ id }) => chosen.includes(id))}
          onClear={() => setChosen([])}
        />
      )}
    </>
  );
}

function Scenario({
  of,
  history,
  chosen,
  full,
  onToggle,
}: {
  of: ScenarioInfo;
  history: History | undefined;
  chosen: boolean;
  full: boolean;
  onToggle: () => void;
}) {
  return (
    <li class={chosen ? 'chosen' : undefined} data-testid="scenario" data-scenario={of.id}>
      <input
        type="checkbox"
        checked={chosen}
        disabled={!chosen && full}
        aria-label={`Choose ${of.id}, ${of.title}`}
        onChange={onToggle}
      />
      <div class="what">
        <a href={hrefs.scenario(of.id)}>{of.title}</a>
        <span class="sub">
          <span class="id">{of.id}</span> {of.services.join(', ')}
        </span>
        {of.requires.length > 0 && (
          <span class="sub">
            <Badge tone="warn">needs {of.requires.join(', ')}</Badge>
          </span>
        )}
      </div>
      <span class="num sub">{of.estimated_minutes} min</span>
      <span class="num">{dollars(of.estimated_cost_usd)}</span>
      <Success of={history} />
    </li>
  );
}

/** How often it went well, as a bar and in figures. */
export function Success({ of }: { of: History | undefined }) {
  if (!of || of.run_count === 0) return <span class="success sub">not run yet</span>;
  const ended = of.success_count + of.fail_count;
  if (ended === 0) return <span class="success sub">at work now</span>;
  const share = (of.success_count / ended) * 100;
  return (
    <span
      class="success"
      title={`${of.success_count} completed, ${of.fail_count} failed, of ${of.run_count} runs`}
    >
      <svg width="100%" height="6" aria-hidden="true">
        <rect class="all" width="100%" height="6" rx="3" />
        <rect class="good" width={`${share}%`} height="6" rx="3" />
      </svg>
      <span class="num sub">
        {of.success_count} of {ended} completed
      </span>
    </span>
  );
}

function matches({ id, title, area, services }: ScenarioInfo, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || [id, title, area, ...services].some((one) => one.toLowerCase().includes(wanted));
}
