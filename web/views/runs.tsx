import { useEffect, useState } from 'preact/hooks';
import type { RunSummary, RunsAnswer } from '../../src/api/schemas/runs.ts';
import { CLEANUP_NAMES, STATUS_NAMES } from '../../src/report/names.ts';
import { count, durationWords, secondsBetween } from '../../src/report/units.ts';
import { Badge, Section, Table } from '../../src/view/parts.tsx';
import { Time } from '../../src/view/time.tsx';
import { cleanupTone, statusTone } from '../../src/view/tones.ts';
import { dollars } from '../../src/view/verdict.tsx';
import { type ApiFailure, get } from '../data/api.ts';
import { plotsFrom } from '../data/daily.ts';
import type { Live } from '../data/live.ts';
import { useLoaded } from '../data/load.ts';
import { Plots } from '../parts/plots.tsx';
import { Search } from '../parts/search.tsx';
import { Failed, Show } from '../parts/states.tsx';
import { hrefs } from '../route.ts';

const PAGE = 20;
const CLEANUPS = { ...CLEANUP_NAMES, pending: 'Not yet cleaned' };

/** Which runs there were, how they ended, and whether they cleaned up. */
export function RunsView({ live: { answer } }: { live: Live }) {
  // Another run, or another end of one: the list is asked for anew.
  const turn = `${answer?.run?.run_id} ${answer?.run?.status}`;
  const month = useLoaded(
    'month',
    (signal) =>
      get<RunsAnswer>(`/api/v1/runs?limit=500&from=${encodeURIComponent(plotsFrom(new Date()))}`, signal),
    turn,
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Runs</h1>
          {month.state === 'loaded' && <p class="lead">{inWords(month.value.runs)}</p>}
        </div>
      </div>
      <Section id="month" title="Last 30 days">
        <Show of={month}>{({ runs }) => (runs.length > 0 ? <Plots runs={runs} /> : <NoRuns />)}</Show>
      </Section>
      <RunList turn={turn} />
    </>
  );
}

function NoRuns() {
  return (
    <p class="empty">
      No run in the last 30 days. <a href={hrefs.scenarios}>Choose scenarios</a> to start one, or look under{' '}
      <a href={hrefs.now}>Now</a> when the next one is due.
    </p>
  );
}

/** "All 12 runs that ended are proven clean." */
function inWords(runs: readonly RunSummary[]): string {
  const ended = runs.filter(
    ({ status, cleanup_status }) => status !== 'running' && cleanup_status !== 'not_needed',
  );
  const clean = ended.filter(({ cleanup_status }) => cleanup_status === 'verified').length;
  if (ended.length === 0) return 'No run has ended in the last 30 days.';
  if (clean === ended.length)
    return ended.length === 1
      ? 'The one run that ended is proven clean.'
      : `All ${ended.length} runs that ended are proven clean.`;
  return `${clean} of ${count(ended.length, 'run')} that ended are proven clean; ${ended.length - clean} not.`;
}

/** The list, page by page; what is loaded is filtered here, by outcome on the server. */
function RunList({ turn }: { turn: string }) {
  const [status, setStatus] = useState('');
  const [cleanup, setCleanup] = useState('');
  const [text, setText] = useState('');
  const [pages, setPages] = useState<readonly RunsAnswer[]>([]);
  const [failure, setFailure] = useState<ApiFailure | undefined>();
  const query = `limit=${PAGE}${status ? `&status=${status}` : ''}`;

  const load = async (cursor: string | null, signal?: AbortSignal) => {
    try {
      const next = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page = await get<RunsAnswer>(`/api/v1/runs?${query}${next}`, signal);
      setFailure(undefined);
      setPages((before) => (cursor ? [...before, page] : [page]));
    } catch (error) {
      if (!signal?.aborted) setFailure(error as ApiFailure);
    }
  };
  useEffect(() => {
    const stop = new AbortController();
    void load(null, stop.signal);
    return () => stop.abort();
  }, [query, turn]);

  const runs = pages.flatMap((page) => page.runs).filter((run) => isWanted(run, cleanup, text));
  const cursor = pages.at(-1)?.next_cursor ?? null;
  return (
    <Section id="list" title="All runs">
      <div class="filters">
        <label>
          Outcome
          <select value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            <option value="">any</option>
            <option value="running">Running</option>
            {Object.entries(STATUS_NAMES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Clean-up
          <select value={cleanup} onChange={(event) => setCleanup(event.currentTarget.value)}>
            <option value="">any</option>
            {Object.entries(CLEANUPS).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Search label="Run or scenario" text={text} hint="such as networking-04" onText={setText} />
      </div>
      {failure && <Failed failure={failure} again={() => void load(null)} />}
      {pages.length > 0 && runs.length === 0 ? (
        <p class="empty">
          {status || cleanup || text ? 'No run is like that.' : 'There has been no run yet.'}{' '}
          {status || cleanup || text ? 'Choose less, or look further back.' : ''}
        </p>
      ) : (
        <RunTable runs={runs} />
      )}
      {cursor && (
        <p class="more">
          <button type="button" onClick={() => void load(cursor)}>
            Older runs
          </button>
        </p>
      )}
    </Section>
  );
}

function isWanted(run: RunSummary, cleanup: string, text: string): boolean {
  if (cleanup && run.cleanup_status !== cleanup) return false;
  const wanted = text.trim().toLowerCase();
  return !wanted || [run.run_id, ...run.scenarios].some((name) => name.toLowerCase().includes(wanted));
}

function RunTable({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <div data-testid="runs">
      <Table
        caption="Runs, newest first"
        columns={[
          { title: 'Run', kind: 'main' },
          { title: 'Outcome' },
          { title: 'Clean-up' },
          { title: 'Agents', kind: 'num' },
          { title: 'Took', kind: 'num' },
          { title: 'Made', kind: 'num' },
          { title: 'Left', kind: 'num' },
          { title: 'Time to clean', kind: 'num' },
          { title: 'Cost', kind: 'num' },
        ]}
        rows={runs.map((run) => [
          <>
            <a class="id" href={run.status === 'running' ? hrefs.now : hrefs.run(run.run_id)}>
              {run.run_id}
            </a>
            <span class="sub">
              <Time at={run.started_at} withDay />
            </span>
          </>,
          <Badge key="status" tone={statusTone(run.status)}>
            {run.status === 'running' ? 'Running' : STATUS_NAMES[run.status]}
          </Badge>,
          <Badge key="cleanup" tone={cleanupTone(run.cleanup_status)}>
            {CLEANUPS[run.cleanup_status]}
          </Badge>,
          run.scenarios.length,
          run.completed_at ? durationWords(secondsBetween(run.started_at, run.completed_at)) : '–',
          run.resources_created ?? '–',
          leftOf(run),
          run.clean_seconds === null ? '–' : durationWords(run.clean_seconds),
          run.estimated_cost_usd === null ? '–' : dollars(run.estimated_cost_usd),
        ])}
      />
    </div>
  );
}

/** A nought is a claim: it is made only when it is proven. */
function leftOf({ cleanup_status, leaked_resources }: RunSummary): string {
  if (cleanup_status === 'verified') return '0';
  if (cleanup_status === 'unknown') return 'not known';
  return cleanup_status === 'pending' ? '–' : String(leaked_resources ?? 0);
}
