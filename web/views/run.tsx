import { useMemo } from 'preact/hooks';
import type { ResourceInfo, ResourcesAnswer } from '../../src/api/schemas/resources.ts';
import type { RunDetail } from '../../src/api/schemas/runs.ts';
import type { Report } from '../../src/domain/report.ts';
import { cleaned } from '../../src/view/clean.ts';
import { ReportView } from '../../src/view/report.tsx';
import { ask, get, getExact } from '../data/api.ts';
import type { Live } from '../data/live.ts';
import { useLoaded } from '../data/load.ts';
import { useNow } from '../parts/clock.ts';
import { ProofVerdict } from '../parts/proof.tsx';
import { type Made, madeOf, ResourceTree } from '../parts/resourceTree.tsx';
import { Show } from '../parts/states.tsx';
import { hrefs } from '../route.ts';
import { Running } from './now.tsx';

/** One run: its report when it has ended, its course while it is at work. */
export function RunView({ id, live: { answer } }: { id: string; live: Live }) {
  const current = answer?.run?.run_id === id ? answer.run : undefined;
  const run = useLoaded(
    `run ${id}`,
    (signal) => get<RunDetail>(`/api/v1/runs/${encodeURIComponent(id)}`, signal),
    current?.report_url,
  );
  return (
    <Show of={run}>
      {(found) =>
        found.report_url ? (
          <Reported id={id} completedAt={found.completed_at} />
        ) : (
          <Unreported run={current ?? found} />
        )
      }
    </Show>
  );
}

function Reported({ id, completedAt }: { id: string; completedAt: string | null }) {
  const path = `/api/v1/runs/${encodeURIComponent(id)}/report`;
  const written = useLoaded(
    `report ${id} ${completedAt}`,
    async (signal) => (await getExact(path, signal)) as Report,
  );
  return <Show of={written}>{(exact) => <ReportOf exact={exact} path={path} />}</Show>;
}

function ReportOf({ exact, path }: { exact: Report; path: string }) {
  const report = useMemo(() => cleaned(exact), [exact]);
  const made = useMemo(() => {
    const names = new Map(report.agents.map(({ agentId, scenarioId }) => [agentId, scenarioId]));
    return madeOf(report.resources.list, (agentId) => names.get(agentId) ?? agentId);
  }, [report]);
  return (
    <>
      <div class="report-actions">
        <button type="button" onClick={() => void download(`${path}?format=html`, `${report.runId}.html`)}>
          Save as HTML
        </button>
        <button type="button" onClick={() => void download(path, `${report.runId}.json`)}>
          Save as JSON
        </button>
        <button type="button" onClick={() => print()}>
          Print
        </button>
      </div>
      <ReportView
        report={report}
        href={hrefs.agent}
        resources={<ResourceTree made={made} />}
        proof={<ProofVerdict report={exact} />}
      />
    </>
  );
}

/** A file cannot be linked to: the key travels in a header, never in an address. */
async function download(path: string, name: string): Promise<void> {
  const response = await ask(path, { headers: { accept: '*/*' } });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A run that has no report: it is at work, or it died. */
function Unreported({ run }: { run: RunDetail }) {
  const now = useNow(run.live);
  const made = useLoaded(
    `made ${run.run_id}`,
    (signal) =>
      get<ResourcesAnswer>(
        `/api/v1/resources?limit=500&execution_id=${encodeURIComponent(run.run_id)}`,
        signal,
      ),
    `${run.resources_created} ${run.phase}`,
  );
  return (
    <>
      {!run.live && (
        <div class="alert">
          <h3>This run has died.</h3>
          <p>
            {run.error ?? 'It ended without a report.'} The janitor removes what it left and writes its
            report, within the hour.
          </p>
        </div>
      )}
      <Running run={run} now={now} />
      <Show of={made}>{({ resources }) => <ResourceTree made={resources.map(madeNow)} />}</Show>
    </>
  );
}

function madeNow(one: ResourceInfo): Made {
  return {
    id: one.id,
    kind: one.kind,
    type: one.type,
    scenario: one.scenario,
    madeAt: one.created_at,
    goneAt: one.deleted_at,
    state: one.status === 'deleted' ? 'removed' : one.status === 'error' ? 'remaining' : 'there',
    reason: one.reason,
  };
}
