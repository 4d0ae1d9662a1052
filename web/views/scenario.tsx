import type { MetricsAnswer } from '../../src/api/schemas/metrics.ts';
import type { ScenarioDetail } from '../../src/api/schemas/scenarios.ts';
import { Figures, Section } from '../../src/view/parts.tsx';
import { dollars } from '../../src/view/verdict.tsx';
import { get } from '../data/api.ts';
import { useLoaded } from '../data/load.ts';
import { StartBar } from '../parts/start.tsx';
import { Show } from '../parts/states.tsx';
import { hrefs } from '../route.ts';
import { Success } from './scenarios.tsx';

/** One scenario: what it does, what it costs, how it went, and its document. */
export function ScenarioView({ id }: { id: string }) {
  const found = useLoaded(`scenario ${id}`, (signal) =>
    get<ScenarioDetail>(`/api/v1/scenarios/${encodeURIComponent(id)}`, signal),
  );
  const metrics = useLoaded(`metrics ${id}`, (signal) =>
    get<MetricsAnswer>(`/api/v1/metrics?period=90d&scenario=${encodeURIComponent(id)}`, signal),
  );
  const history = metrics.state === 'loaded' ? metrics.value.scenarios[0] : undefined;
  return (
    <Show of={found}>
      {(scenario) => (
        <>
          <div class="head">
            <div>
              <p class="eyebrow">
                <a href={hrefs.scenarios}>Scenarios</a> · {scenario.area}
              </p>
              <h1>{scenario.title}</h1>
              <p class="lead">
                <span class="id">{scenario.id}</span>
              </p>
            </div>
          </div>
          <Figures
            of={[
              ['Cost of a run, estimated', dollars(scenario.estimated_cost_usd)],
              ['Takes', `${scenario.estimated_minutes} min`],
              ['Needs', scenario.requires.length > 0 ? scenario.requires.join(', ') : 'nothing more'],
            ]}
          />
          <Section id="history" title="Last 90 days">
            <div class="history">
              <Success of={history} />
            </div>
          </Section>
          <Section id="services" title="Services" note={scenario.services.join(', ')} />
          <Section id="document" title="Document">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre class="document" tabIndex={0}>
              {scenario.body}
            </pre>
          </Section>
          {scenario.references.length > 0 && (
            <Section id="references" title="References">
              <ul class="plain">
                {scenario.references.map((reference) => (
                  <li key={reference}>
                    <Reference of={reference} />
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <StartBar scenarios={[scenario]} />
        </>
      )}
    </Show>
  );
}

/** Only what is surely a page of the web is a link. */
function Reference({ of }: { of: string }) {
  if (!/^https:\/\//i.test(of)) return <span class="id">{of}</span>;
  return (
    <a href={of} rel="noreferrer noopener" target="_blank">
      {of}
    </a>
  );
}
