import type { Report, ReportResource } from '../../domain/report.ts';
import { groupBy } from '../group.ts';
import { shortName, typeName } from '../names.ts';
import { type ClockPrecision, count, enumerate } from '../units.ts';
import { type Html, html } from './escape.ts';
import { badge, precisionOf, section, table, time } from './parts.ts';

/** An agent's list is shown open up to this many rows in the whole report. */
const OPEN_UP_TO_ROWS = 12;

/** What was made and removed, an agent at a time; what is still there comes first, with the id that deletion needs. */
export function resourcesSection(report: Report): Html {
  const { list, created, removed } = report.resources;
  if (list.length === 0) {
    return section('resources', 'Made and removed', null, html`<p class="empty">Nothing was made.</p>`);
  }
  const precision = precisionOf(report);
  const titles = new Map(report.agents.map((agent) => [agent.agentId, agent.scenarioId]));
  const gone = report.cleanup.status === 'unknown' ? 'how many are gone is not known' : `${removed} removed`;
  const note = `${count(created, 'resource')} made, ${gone}. Resource groups, identities, roles, secrets and jobs are counted too.`;
  const groups = [...groupBy(list, ({ agentId }) => agentId)].map(([agentId, resources]) => {
    const name = titles.get(agentId) ?? (agentId || 'Not known to belong to an agent');
    return html`<details${list.length <= OPEN_UP_TO_ROWS && html` open`}>
<summary><span class="id">${name}</span> <span class="sub">${footprint(resources)}</span></summary>
${resourceTable(name, resources, precision)}
</details>
`;
  });
  return section('resources', 'Made and removed', note, html`${stillThere(report)}${groups}`);
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

function resourceTable(agent: string, resources: readonly ReportResource[], precision: ClockPrecision): Html {
  return table(
    `Made for ${agent}`,
    [
      { title: 'Type' },
      { title: 'Name', kind: 'main' },
      { title: 'Made', kind: 'num' },
      { title: 'Removed', kind: 'num' },
      { title: 'By' },
    ],
    resources.map((resource) => [
      typeName(resource),
      html`<span class="id" title="${resource.id}">${shortName(resource.id)}</span>`,
      time(resource.createdAt, precision),
      time(resource.removedAt, precision),
      fate(resource),
    ]),
  );
}

function fate({ state, removedBy }: ReportResource): Html | string {
  switch (state) {
    case 'remaining':
      return badge('bad', 'still there');
    case 'unknown':
      return badge('warn', 'not known');
    case 'removed':
      if (removedBy === 'agent') return 'the agent';
      return removedBy === 'cleanup' ? 'clean-up' : 'proven gone';
  }
}

function stillThere({ runId, resources, cleanup }: Report): Html | false {
  const remaining = resources.list.filter(({ state }) => state === 'remaining');
  if (remaining.length === 0) return false;
  const reasons = new Map(cleanup.quarantined.map(({ id, reason }) => [id.toLowerCase(), reason]));
  return html`<div class="alert"><h3>Still there</h3><ul class="plain">
${remaining.map((resource) => {
  const reason = reasons.get(resource.id.toLowerCase());
  return html`<li>${typeName(resource)} <code>${resource.id}</code>${reason && html` <span class="sub">${reason}</span>`}</li>
`;
})}</ul><p class="advice">The janitor tries again every hour. To try now: POST /api/v1/cleanup with ${JSON.stringify({ execution_id: runId })}.</p></div>`;
}
