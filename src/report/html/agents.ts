import type { AgentState } from '../../domain/agent.ts';
import type { Report } from '../../domain/report.ts';
import { STATE_NAMES } from '../names.ts';
import { durationWords, secondsBetween } from '../units.ts';
import { type Html, html } from './escape.ts';
import { badge, precisionOf, section, type Tone, table, time } from './parts.ts';

const TONES: Record<AgentState, Tone> = {
  completed: 'good',
  failed: 'bad',
  lost: 'warn',
  running: 'warn',
  removed: 'bad',
  provisioning: 'warn',
};

/** Who ran, for how long, what it did and how it ended; then who was left out and why. */
export function agentsSection(report: Report): Html {
  const precision = precisionOf(report);
  const rows = report.agents.map((agent) => [
    html`<span class="id">${agent.scenarioId}</span> <span class="sub">${agent.title}</span>`,
    html`${badge(TONES[agent.state], STATE_NAMES[agent.state])} <span class="sub">${agent.outcome}</span>`,
    time(agent.startedAt, precision),
    agent.startedAt && agent.endedAt ? durationWords(secondsBetween(agent.startedAt, agent.endedAt)) : '–',
    agent.operations,
    agent.resourcesCreated,
    agent.events,
  ]);
  const agents =
    rows.length > 0
      ? table(
          'Agents of the run',
          [
            { title: 'Agent', kind: 'main' },
            { title: 'How it ended' },
            { title: 'Started', kind: 'num' },
            { title: 'Ran', kind: 'num' },
            { title: 'Operations', kind: 'num' },
            { title: 'Made', kind: 'num' },
            { title: 'Events', kind: 'num' },
          ],
          rows,
        )
      : html`<p class="empty">No agent was started.</p>`;
  return section('agents', 'Agents', null, html`${agents}${leftOut(report)}`);
}

function leftOut({ skipped, rejected }: Report): Html | false {
  if (skipped.length + rejected.length === 0) return false;
  return html`<details><summary>Scenarios left out (${skipped.length + rejected.length})</summary><ul class="plain">
${skipped.map(({ scenarioId, reason }) => html`<li><span class="id">${scenarioId}</span> ${reason}</li>`)}
${rejected.map(({ file, line, reason }) => html`<li><span class="id">${file}:${line}</span> ${reason}</li>`)}
</ul></details>`;
}
