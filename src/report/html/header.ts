import type { Report } from '../../domain/report.ts';
import { CLEANUP_NAMES, STATUS_NAMES } from '../names.ts';
import { clock, day, durationWords } from '../units.ts';
import { headline } from '../words.ts';
import { type Content, type Html, html } from './escape.ts';
import { badge, precisionOf, type Tone } from './parts.ts';

const TRIGGERS: Record<Report['trigger'], string> = {
  timer: 'started by the timer',
  api: 'started through the API',
  manual: 'started by hand',
};

/** The outcome first, in words: verdict, summary, then the figures of the run. */
export function headerSection(report: Report): Html {
  const precision = precisionOf(report);
  const agentsDone = report.agents.filter(({ state }) => state === 'completed').length;
  const operations = report.agents.reduce((sum, agent) => sum + agent.operations, 0);
  return html`<header class="verdict ${verdictTone(report)}">
<p class="eyebrow">HayMaker run report <span class="id">${report.runId}</span></p>
<h1>${headline(report)}</h1>
<p class="lead">${report.summary}</p>
<p class="badges">${badge(statusTone(report), STATUS_NAMES[report.status])} ${badge(cleanupTone(report), CLEANUP_NAMES[report.cleanup.status])}</p>
<p class="when">${day(report.startedAt)}, ${clock(report.startedAt, precision)} to ${clock(report.completedAt, precision)} UTC, ${TRIGGERS[report.trigger]}</p>
</header>
<dl class="figures">
${figure('Took', durationWords(report.durationSeconds))}
${figure('Agents completed', report.agents.length > 0 ? html`${agentsDone}<span class="of"> / ${report.agents.length}</span>` : '–')}
${figure('Operations', operations.toLocaleString('en-US'))}
${figure('Made', report.resources.created.toLocaleString('en-US'))}
${figure('Removed', removedFigure(report))}
${figure('Left', leftFigure(report))}
</dl>`;
}

function figure(name: string, value: Content): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function removedFigure({ resources, cleanup }: Report): string {
  return cleanup.status === 'unknown' ? 'not known' : resources.removed.toLocaleString('en-US');
}

/** A nought is a claim: it is made only when it is proven. */
function leftFigure({ resources, cleanup }: Report): string {
  if (cleanup.status === 'unknown')
    return resources.remaining > 0 ? `${resources.remaining} or more` : 'not known';
  return String(resources.remaining);
}

/** The tone of the whole page. */
function verdictTone(report: Report): Tone {
  return cleanupTone(report) === 'bad' ? 'bad' : statusTone(report);
}

function statusTone({ status }: Report): Tone {
  switch (status) {
    case 'completed':
      return 'good';
    case 'completed_with_failures':
    case 'stopped':
      return 'warn';
    case 'failed':
      return 'bad';
  }
}

function cleanupTone({ cleanup }: Report): Tone {
  switch (cleanup.status) {
    case 'verified':
      return 'good';
    case 'not_needed':
      return 'quiet';
    case 'leftovers':
    case 'unknown':
      return 'bad';
  }
}
