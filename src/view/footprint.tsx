import type { Report } from '../domain/report.ts';
import { costOf } from '../report/totals.ts';
import { count } from '../report/units.ts';
import { Section, Table } from './parts.tsx';
import { dollars } from './verdict.tsx';

/** What each scenario did to the tenant: resources, operations, and what it is estimated to cost. */
export function Footprint({ report }: { report: Report }) {
  if (report.agents.length === 0) return null;
  const cost = costOf(report);
  const rows = report.agents.map((agent) => {
    const own = report.resources.list.filter(({ agentId }) => agentId === agent.agentId);
    const made = own.filter(({ kind }) => kind === 'resource');
    const types = new Set(made.map(({ resourceType }) => resourceType.toLowerCase()));
    return [
      <>
        <span class="id">{agent.scenarioId}</span> <span class="sub">{agent.area}</span>
      </>,
      made.length,
      types.size,
      own.length - made.length,
      agent.operations,
      agent.estimatedCostUsd === undefined ? '–' : dollars(agent.estimatedCostUsd),
    ];
  });
  const note =
    cost === undefined
      ? 'What each scenario did to the tenant.'
      : `About ${dollars(cost)} for ${count(report.agents.length, 'scenario')}, from the estimate that each scenario’s document makes for a whole run; not a bill.`;
  return (
    <Section id="footprint" title="Footprint" note={note}>
      <Table
        caption="Footprint of each scenario"
        columns={[
          { title: 'Scenario', kind: 'main' },
          { title: 'Resources', kind: 'num' },
          { title: 'Kinds', kind: 'num' },
          { title: 'Of HayMaker itself', kind: 'num' },
          { title: 'Operations', kind: 'num' },
          { title: 'Cost, estimated', kind: 'num' },
        ]}
        rows={rows}
      />
    </Section>
  );
}
