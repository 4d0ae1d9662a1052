import type { ComponentChildren } from 'preact';
import type { Report, ReportAgent } from '../domain/report.ts';
import { STATE_NAMES } from '../report/names.ts';
import { wasProvisioned } from '../report/status.ts';
import { type AgentHref, Agents } from './agents.tsx';
import { Checks } from './checks.tsx';
import { EvidenceSection } from './evidence.tsx';
import { Footprint } from './footprint.tsx';
import { Section } from './parts.tsx';
import { Problems } from './problems.tsx';
import { Repeat } from './repeat.tsx';
import { Resources } from './resources.tsx';
import { precisionOf, useZone } from './time.tsx';
import { type Course, type Lane, Timeline } from './timeline.tsx';
import { Verdict } from './verdict.tsx';

interface ReportViewProps {
  readonly report: Report;
  readonly href?: AgentHref | undefined;
  /** In place of the list of resources: the page has a tree. */
  readonly resources?: ComponentChildren;
  /** Below the evidence: the page says there whether the proof holds. */
  readonly proof?: ComponentChildren;
}

/**
 * The report of a run, as the file report.html and as a view of the page. What a reader needs first comes first: of a failed
 * run its problems, of any other its course.
 */
export function ReportView({ report, href, resources, proof }: ReportViewProps) {
  const zone = useZone();
  const course = (
    <Section id="timeline" title="Timeline" note={`All times are ${zone.name}.`}>
      <Timeline course={courseOf(report, href)} />
    </Section>
  );
  const problems = <Problems report={report} />;
  const failed = report.status === 'failed';
  const nothing = report.agents.length === 0 && report.cleanup.status === 'not_needed';
  return (
    <>
      <Verdict report={report} />
      {failed || nothing ? problems : course}
      {nothing && <Checks report={report} />}
      {failed || nothing ? course : problems}
      <Agents report={report} href={href} />
      {!nothing && (
        <>
          <Footprint report={report} />
          {resources ?? <Resources report={report} />}
          <EvidenceSection report={report}>{proof}</EvidenceSection>
          <Checks report={report} />
        </>
      )}
      <Repeat report={report} />
    </>
  );
}

/** The drawing of a run that has ended. */
export function courseOf(report: Report, href?: AgentHref): Course {
  return {
    startedAt: report.startedAt,
    until: report.completedAt,
    endsAt: report.endsAt,
    phases: report.phases,
    lanes: report.agents.map((agent) => laneOf(agent, report, href)),
    precision: precisionOf(report),
  };
}

function laneOf(agent: ReportAgent, report: Report, href?: AgentHref): Lane {
  return {
    id: agent.agentId,
    label: agent.scenarioId,
    title: agent.title,
    state: agent.state,
    words: agent.outcome,
    stateName: STATE_NAMES[agent.state],
    endedAt: agent.endedAt,
    worked: wasProvisioned(agent),
    ...spanOf(agent, report),
    ...(href ? { href: href(agent.agentId) } : {}),
  };
}

/** When an agent worked, as far as the record tells: an end that nobody saw is where clean-up began. */
function spanOf(agent: ReportAgent, report: Report): Pick<Lane, 'from' | 'heardUntil' | 'to'> {
  const phaseStart = (name: string) => report.phases.find(({ phase }) => phase === name)?.startedAt;
  const from = agent.startedAt ?? agent.provisionedAt ?? phaseStart('provisioning') ?? report.startedAt;
  if (!wasProvisioned(agent)) {
    const undone = agent.endedAt ?? from;
    return { from: undone, heardUntil: undone, to: undone };
  }
  const to = agent.endedAt ?? phaseStart('cleaning') ?? report.completedAt;
  const wentSilent = agent.state === 'lost' && agent.lastHeardAt && agent.lastHeardAt < to;
  return { from, heardUntil: wentSilent ? (agent.lastHeardAt ?? to) : to, to };
}
