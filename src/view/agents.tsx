import type { Report } from '../domain/report.ts';
import { STATE_NAMES } from '../report/names.ts';
import { durationWords, secondsBetween } from '../report/units.ts';
import { Badge, Section, Table } from './parts.tsx';
import { precisionOf, Time } from './time.tsx';
import { AGENT_TONES } from './tones.ts';

/** Where the page shows an agent; a report is alone and links nowhere. */
export type AgentHref = (agentId: string) => string;

/** Who ran, for how long, what it did and how it ended; then who was left out and why. */
export function Agents({ report, href }: { report: Report; href?: AgentHref | undefined }) {
  const precision = precisionOf(report);
  const rows = report.agents.map((agent) => [
    <>
      <span class="id">{href ? <a href={href(agent.agentId)}>{agent.scenarioId}</a> : agent.scenarioId}</span>{' '}
      <span class="sub">{agent.title}</span>
    </>,
    <>
      <Badge tone={AGENT_TONES[agent.state]}>{STATE_NAMES[agent.state]}</Badge>{' '}
      <span class="sub">{agent.outcome}</span>
    </>,
    <Time key="started" at={agent.startedAt} precision={precision} />,
    agent.startedAt && agent.endedAt ? durationWords(secondsBetween(agent.startedAt, agent.endedAt)) : '–',
    agent.operations,
    agent.events,
  ]);
  return (
    <Section id="agents" title="Agents">
      {rows.length > 0 ? (
        <Table
          caption="Agents of the run"
          columns={[
            { title: 'Agent', kind: 'main' },
            { title: 'How it ended' },
            { title: 'Started', kind: 'num' },
            { title: 'Ran', kind: 'num' },
            { title: 'Operations', kind: 'num' },
            { title: 'Events', kind: 'num' },
          ]}
          rows={rows}
        />
      ) : (
        <p class="empty">No agent was started.</p>
      )}
      <LeftOut report={report} />
    </Section>
  );
}

function LeftOut({ report: { skipped, rejected } }: { report: Report }) {
  if (skipped.length + rejected.length === 0) return null;
  return (
    <details>
      <summary>Scenarios left out ({skipped.length + rejected.length})</summary>
      <ul class="plain">
        {skipped.map(({ scenarioId, reason }) => (
          <li key={scenarioId}>
            <span class="id">{scenarioId}</span> {reason}
          </li>
        ))}
        {rejected.map(({ file, line, reason }) => (
          <li key={`${file}:${line}`}>
            <span class="id">
              {file}:{line}
            </span>{' '}
            {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
