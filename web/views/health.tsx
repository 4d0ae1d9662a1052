import type { MetricsAnswer } from '../../src/api/schemas/metrics.ts';
import type { HealthAnswer } from '../../src/api/schemas/status.ts';
import { durationWords } from '../../src/report/units.ts';
import { Badge, Figures, Section, Table } from '../../src/view/parts.tsx';
import { Time } from '../../src/view/time.tsx';
import { get } from '../data/api.ts';
import type { Connection, Live } from '../data/live.ts';
import { useLoaded } from '../data/load.ts';
import { useNow } from '../parts/clock.ts';
import { Show } from '../parts/states.tsx';
import { hrefs } from '../route.ts';

const CHECKS = {
  settings: ['Settings', 'A setting is missing or wrong. The app’s log names it.'],
  storage: [
    'Storage',
    'The storage account does not answer. Check its network rules and the app’s roles on it.',
  ],
} as const;

const CONNECTIONS: Record<Connection, string> = {
  connecting: 'not yet',
  live: 'by events, as they happen',
  polling: 'by asking every 5 s: events do not come through',
  lost: 'lost; trying again by itself',
};

/** Does the app work, and did what it depends on work when it was last asked. */
export function HealthView({ live }: { live: Live }) {
  const now = useNow(true, 5_000);
  const health = useLoaded('health', readHealth, live.connection);
  const metrics = useLoaded('metrics 30d', (signal) =>
    get<MetricsAnswer>('/api/v1/metrics?period=30d', signal),
  );
  const run = live.answer?.run;
  return (
    <>
      <div class="head">
        <div>
          <h1>Health</h1>
          <p class="lead">
            This page hears the app {CONNECTIONS[live.connection]}
            {live.heardAt && `; last ${durationWords((Date.parse(now) - live.heardAt) / 1_000)} ago`}.
          </p>
        </div>
      </div>
      <Section id="app" title="The app">
        <Show of={health}>
          {({ checks, version }) => (
            <Table
              caption="Checks of the app"
              columns={[{ title: 'Check', kind: 'main' }, { title: 'Result' }, { title: 'What to do' }]}
              rows={[
                ...Object.entries(CHECKS).map(([name, [title, advice]]) => {
                  const passed = checks[name as keyof typeof CHECKS] === 'pass';
                  return [
                    title,
                    <Badge key="result" tone={passed ? 'good' : 'bad'}>
                      {passed ? 'passed' : 'failed'}
                    </Badge>,
                    passed ? <span class="faint">Nothing.</span> : advice,
                  ];
                }),
                [
                  'Version',
                  version,
                  <span key="none" class="faint">
                    –
                  </span>,
                ],
              ]}
            />
          )}
        </Show>
      </Section>
      <Section id="month" title="Last 30 days">
        <Show of={metrics}>
          {(numbers) => (
            <Figures
              of={[
                ['Runs', numbers.total_executions],
                ['Runs that went well', percent(numbers.success_rate)],
                ['Proven clean', percent(numbers.cleanup_success_rate)],
                ['Resources made', numbers.total_resources.toLocaleString('en-US')],
                ['Left behind', numbers.leaked_resources],
                ['Average length', hours(numbers.avg_run_hours)],
              ]}
            />
          )}
        </Show>
      </Section>
      <Section
        id="checks"
        title="What a run needs"
        note={
          run ? (
            <>
              As checked by <a href={hrefs.run(run.run_id)}>{run.run_id}</a> at{' '}
              <Time at={run.started_at} withDay />.
            </>
          ) : (
            'Every run checks this first; the results stand here after the first one.'
          )
        }
      >
        {run && run.checks.length > 0 && (
          <Table
            caption="Checks before the run"
            columns={[{ title: 'Check', kind: 'main' }, { title: 'Result' }, { title: 'Detail' }]}
            rows={run.checks.map(({ name, passed, detail, advice }) => [
              name,
              <Badge key="result" tone={passed ? 'good' : 'bad'}>
                {passed ? 'passed' : 'failed'}
              </Badge>,
              <>
                {detail}
                {!passed && advice && <span class="advice"> {advice}</span>}
              </>,
            ])}
          />
        )}
      </Section>
    </>
  );
}

/** The answer 503 is an answer, too: it says what is wrong. */
async function readHealth(signal: AbortSignal): Promise<HealthAnswer> {
  const response = await fetch('/api/v1/health', { signal, cache: 'no-store', credentials: 'omit' });
  return (await response.json()) as HealthAnswer;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

function hours(length: number | null): string {
  return length === null ? '–' : durationWords(length * 3_600);
}
