import type { RunSummary, RunsAnswer } from '../../src/api/schemas/runs.ts';
import { CLEANUP_NAMES, STATUS_NAMES } from '../../src/report/names.ts';
import { durationWords } from '../../src/report/units.ts';
import { Figures, Section } from '../../src/view/parts.tsx';
import { useZone } from '../../src/view/time.tsx';
import { cleanupTone, statusTone } from '../../src/view/tones.ts';
import { dollars } from '../../src/view/verdict.tsx';
import { get } from '../data/api.ts';
import { plotsFrom } from '../data/daily.ts';
import { useLoaded } from '../data/load.ts';
import { hrefs } from '../route.ts';

/** As many of the last runs are drawn: a week of the usual schedule. */
const DRAWN = 28;

/** How the last runs went, at a glance: one mark a run, and the month in figures. */
export function Recent({ version }: { version: string }) {
  const month = useLoaded(
    'recent',
    (signal) =>
      get<RunsAnswer>(`/api/v1/runs?limit=500&from=${encodeURIComponent(plotsFrom(new Date()))}`, signal),
    version,
  );
  if (month.state !== 'loaded') return null;
  const ended = month.value.runs.filter(({ status }) => status !== 'running');
  if (ended.length === 0) return null;
  const needed = ended.filter(({ cleanup_status }) => cleanup_status !== 'not_needed');
  const clean = needed.filter(({ cleanup_status }) => cleanup_status === 'verified').length;
  const sum = (value: (run: RunSummary) => number | null) =>
    ended.reduce((total, run) => total + (value(run) ?? 0), 0);
  const cleaned = needed.flatMap(({ clean_seconds }) => clean_seconds ?? []);
  return (
    <Section
      id="recent"
      title="Last runs"
      note="Newest on the right. A mark is full when the run was proven clean; open when it was not."
    >
      <ol class="marks" data-testid="recent">
        {ended
          .slice(0, DRAWN)
          .toReversed()
          .map((run) => (
            <Mark key={run.run_id} run={run} />
          ))}
      </ol>
      <Figures
        of={[
          ['Runs in 30 days', ended.length],
          ['Proven clean', <Share key="clean" part={clean} whole={needed.length} />],
          ['Left behind', sum(({ leaked_resources }) => leaked_resources)],
          [
            'Time to clean',
            cleaned.length > 0
              ? durationWords(cleaned.reduce((total, one) => total + one, 0) / cleaned.length)
              : '–',
          ],
          ['Resources made', sum(({ resources_created }) => resources_created).toLocaleString('en-US')],
          ['Cost, estimated', dollars(sum(({ estimated_cost_usd }) => estimated_cost_usd))],
        ]}
      />
    </Section>
  );
}

function Share({ part, whole }: { part: number; whole: number }) {
  return (
    <>
      {part}
      <span class="of"> / {whole}</span>
    </>
  );
}

function Mark({ run }: { run: RunSummary }) {
  const zone = useZone();
  const status = run.status === 'running' ? 'Running' : STATUS_NAMES[run.status];
  const cleanup = run.cleanup_status === 'pending' ? 'not yet cleaned' : CLEANUP_NAMES[run.cleanup_status];
  const words = `${zone.day(run.started_at)}, ${zone.clock(run.started_at, 'minute')}: ${status}, ${cleanup}`;
  const open = cleanupTone(run.cleanup_status) === 'bad' ? ' open' : '';
  return (
    <li>
      <a class={`run-mark ${statusTone(run.status)}${open}`} href={hrefs.run(run.run_id)} title={words}>
        <span class="unseen">{words}</span>
      </a>
    </li>
  );
}
