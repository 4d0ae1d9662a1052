import type { Report, ReportResource } from '../domain/report.ts';
import { groupBy } from '../report/group.ts';
import { shortName, typeName } from '../report/names.ts';
import { type ClockPrecision, count, enumerate } from '../report/units.ts';
import { Badge, Section, Table } from './parts.tsx';
import { precisionOf, Time } from './time.tsx';

/** An agent's list is shown open up to this many rows in the whole report. */
const OPEN_UP_TO_ROWS = 12;

/** What was made and removed, an agent at a time; what is still there comes first, with the id that deletion needs. */
export function Resources({ report }: { report: Report }) {
  const { list, created, removed } = report.resources;
  if (list.length === 0) {
    return (
      <Section id="resources" title="Made and removed">
        <p class="empty">Nothing was made.</p>
      </Section>
    );
  }
  const precision = precisionOf(report);
  const titles = new Map(report.agents.map((agent) => [agent.agentId, agent.scenarioId]));
  const gone = report.cleanup.status === 'unknown' ? 'how many are gone is not known' : `${removed} removed`;
  const note = `${count(created, 'resource')} made, ${gone}. Resource groups, identities, roles, secrets and jobs are counted too.`;
  return (
    <Section id="resources" title="Made and removed" note={note}>
      <StillThere report={report} />
      {[...groupBy(list, ({ agentId }) => agentId)].map(([agentId, resources]) => {
        const name = titles.get(agentId) ?? (agentId || 'Not known to belong to an agent');
        return (
          <details key={agentId} open={list.length <= OPEN_UP_TO_ROWS}>
            <summary>
              <span class="id">{name}</span> <span class="sub">{footprint(resources)}</span>
            </summary>
            <ResourceTable agent={name} resources={resources} precision={precision} />
          </details>
        );
      })}
    </Section>
  );
}

function footprint(resources: readonly ReportResource[]): string {
  const number = (test: (resource: ReportResource) => boolean) => resources.filter(test).length;
  const parts = [
    [number(({ removedBy }) => removedBy === 'agent'), 'removed by the agent'],
    [number(({ removedBy }) => removedBy === 'cleanup'), 'removed by clean-up'],
    [number(({ state, removedBy }) => state === 'removed' && removedBy === null), 'proven gone'],
    [number(({ state }) => state === 'remaining'), 'still there'],
    [number(({ state }) => state === 'unknown'), 'not known to be gone'],
  ] as const;
  const words = parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return `${resources.length} made: ${enumerate(words)}`;
}

/** What was made for one agent. Types come in groups, as the list of a report is sorted. */
function ResourceTable({
  agent,
  resources,
  precision,
}: {
  agent: string;
  resources: readonly ReportResource[];
  precision: ClockPrecision;
}) {
  return (
    <Table
      caption={`Made for ${agent}`}
      columns={[
        { title: 'Type' },
        { title: 'Name', kind: 'main' },
        { title: 'Made', kind: 'num' },
        { title: 'Removed', kind: 'num' },
        { title: 'By' },
      ]}
      rows={resources.map((resource) => [
        typeName(resource),
        <span class="id" key="id" title={resource.id}>
          {shortName(resource.id)}
        </span>,
        <Time key="made" at={resource.createdAt} precision={precision} />,
        <Time key="removed" at={resource.removedAt} precision={precision} />,
        <Fate key="fate" resource={resource} />,
      ])}
    />
  );
}

function Fate({ resource: { state, removedBy } }: { resource: ReportResource }) {
  switch (state) {
    case 'remaining':
      return <Badge tone="bad">still there</Badge>;
    case 'unknown':
      return <Badge tone="warn">not known</Badge>;
    case 'removed':
      if (removedBy === 'agent') return <>the agent</>;
      return <>{removedBy === 'cleanup' ? 'clean-up' : 'proven gone'}</>;
  }
}

function StillThere({ report: { runId, resources, cleanup } }: { report: Report }) {
  const remaining = resources.list.filter(({ state }) => state === 'remaining');
  if (remaining.length === 0) return null;
  const reasons = new Map(cleanup.quarantined.map(({ id, reason }) => [id.toLowerCase(), reason]));
  return (
    <div class="alert">
      <h3>Still there</h3>
      <ul class="plain">
        {remaining.map((resource) => {
          const reason = reasons.get(resource.id.toLowerCase());
          return (
            <li key={resource.id}>
              {typeName(resource)} <code>{resource.id}</code>
              {reason && ' '}
              {reason && <span class="sub">{reason}</span>}
            </li>
          );
        })}
      </ul>
      <p class="advice">
        The janitor tries again every hour. To try now: POST /api/v1/cleanup with{' '}
        {JSON.stringify({ execution_id: runId })}.
      </p>
    </div>
  );
}
