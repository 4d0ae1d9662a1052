import type { Report, ReportAgent } from '../../domain/report.ts';
import { PHASE_NAMES, STATE_NAMES } from '../names.ts';
import { wasProvisioned } from '../status.ts';
import { type ClockPrecision, clock, count, durationWords, secondsBetween } from '../units.ts';
import { type Content, type Html, html } from './escape.ts';
import { precisionOf } from './parts.ts';
import { type TimeScale, ticks, timeScale } from './scale.ts';

const PHASE_BAR_Y = 22;
const LANES_Y = 48;
const LANE_HEIGHT = 40;
const AXIS_HEIGHT = 26;
const MOST_TICKS = 8;
/** A phase narrower than this has no room for its name; the list below the drawing names it. */
const NAMED_FROM_PERCENT = 14;
const ID_LENGTH = 22;
const TITLE_LENGTH = 64;

/**
 * The run as a drawing: phases as bands, a lane for each agent, UTC ticks below. Positions are percentages and heights are
 * pixels, so that the drawing takes any width and its text stays readable on a phone.
 */
export function timeline(report: Report): Html {
  const scale = timeScale(report);
  const precision = precisionOf(report);
  const lanesEnd = LANES_Y + report.agents.length * LANE_HEIGHT;
  return html`<div class="timeline"><svg width="100%" height="${lanesEnd + AXIS_HEIGHT}" role="img" aria-labelledby="drawing-title drawing-desc">
<title id="drawing-title">The run from ${clock(report.startedAt, precision)} to ${clock(report.completedAt, precision)} UTC</title>
<desc id="drawing-desc">${description(report, precision)}</desc>
${report.phases.map((phase) => phaseBand(phase, scale, lanesEnd))}
${axis(scale, lanesEnd, precision)}
${report.endsAt && plannedEnd(report.endsAt, scale, lanesEnd)}
${report.agents.map((agent, index) => lane(agent, LANES_Y + index * LANE_HEIGHT, report, scale, precision))}
</svg></div>
${phaseList(report.phases)}`;
}

function phaseBand(phase: Report['phases'][number], scale: TimeScale, lanesEnd: number): Html {
  const from = scale.percent(phase.startedAt);
  const width = round(Math.max(0, scale.percent(phase.endedAt) - from));
  const name = PHASE_NAMES[phase.phase];
  return html`<g class="phase ${phase.phase}">
<rect class="column" x="${from}%" y="${PHASE_BAR_Y}" width="${width}%" height="${lanesEnd - PHASE_BAR_Y}"/>
<rect class="band" x="${from}%" y="${PHASE_BAR_Y}" width="${width}%" height="5"><title>${name}</title></rect>
${width >= NAMED_FROM_PERCENT && html`<text x="${from}%" y="14">${name}</text>`}
</g>`;
}

function axis(scale: TimeScale, y: number, precision: ClockPrecision): Html {
  const times = ticks(scale, MOST_TICKS);
  return html`<g class="axis"><line x1="0%" x2="100%" y1="${y}" y2="${y}"/>
${times.map((tick, index) => {
  const x = scale.percent(tick);
  const anchor = x < 5 ? 'start' : x > 95 ? 'end' : 'middle';
  return html`<line class="grid" x1="${x}%" x2="${x}%" y1="${PHASE_BAR_Y + 5}" y2="${y + 4}"/>
<text class="${index % 2 === 1 && 'wide'}" x="${x}%" y="${y + 18}" text-anchor="${anchor}">${clock(new Date(tick).toISOString(), precision)}</text>
`;
})}</g>`;
}

function plannedEnd(endsAt: string, scale: TimeScale, lanesEnd: number): Html | false {
  const x = scale.percent(endsAt);
  if (x === 0 || x === 100) return false;
  return html`<line class="planned" x1="${x}%" x2="${x}%" y1="${PHASE_BAR_Y}" y2="${lanesEnd}"><title>Planned end of the agents’ work</title></line>`;
}

function lane(
  agent: ReportAgent,
  y: number,
  report: Report,
  scale: TimeScale,
  precision: ClockPrecision,
): Html {
  const span = spanOf(agent, report);
  const bar = y + 26;
  const from = scale.percent(span.from);
  const heardUntil = scale.percent(span.heardUntil);
  const to = scale.percent(span.to);
  const ended = agent.endedAt ? ` ${clock(agent.endedAt, precision)}` : '';
  return html`<g class="lane ${agent.state}">
<title>${agent.title}: ${agent.outcome}</title>
<text class="label" x="0" y="${y + 16}">${shorten(agent.scenarioId, ID_LENGTH)}<tspan class="wide faint" dx="8">${shorten(agent.title, TITLE_LENGTH)}</tspan></text>
<text class="end" x="100%" y="${y + 16}" text-anchor="end">${STATE_NAMES[agent.state]}${ended}</text>
<line class="track" x1="0%" x2="100%" y1="${bar}" y2="${bar}"/>
${wasProvisioned(agent) && html`<line class="work" x1="${from}%" x2="${heardUntil}%" y1="${bar}" y2="${bar}"/>`}
${heardUntil < to && html`<line class="silent" x1="${heardUntil}%" x2="${to}%" y1="${bar}" y2="${bar}"/>`}
<svg x="${to}%" y="${bar}" overflow="visible">${endMark(agent)}</svg>
</g>`;
}

/** When an agent worked, as far as the record tells: an end that nobody saw is where clean-up began. */
function spanOf(agent: ReportAgent, report: Report): { from: string; heardUntil: string; to: string } {
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

/** The shape tells the end without colour: dot, cross, ring, bar. */
function endMark({ state }: ReportAgent): Html {
  switch (state) {
    case 'completed':
      return html`<circle class="mark" r="5"/>`;
    case 'failed':
    case 'removed':
    case 'provisioning':
      return html`<path class="mark cross" d="M-4 -4L4 4M-4 4L4 -4"/>`;
    case 'lost':
      return html`<circle class="mark ring" r="4.5"/>`;
    case 'running':
      return html`<path class="mark cross" d="M0 -7V7"/>`;
  }
}

function phaseList(phases: Report['phases']): Html | false {
  if (phases.length === 0) return false;
  return html`<ol class="phases">${phases.map(
    ({ phase, startedAt, endedAt }) =>
      html`<li class="${phase}"><span class="name">${PHASE_NAMES[phase]}</span> <span class="num">${durationWords(secondsBetween(startedAt, endedAt))}</span></li>`,
  )}</ol>`;
}

function description(report: Report, precision: ClockPrecision): Content {
  const phases = report.phases.map(
    ({ phase, startedAt, endedAt }) =>
      `${PHASE_NAMES[phase]}: ${clock(startedAt, precision)} to ${clock(endedAt, precision)}.`,
  );
  const agents = report.agents.map(({ scenarioId, outcome }) => `${scenarioId}: ${outcome}`);
  return [...phases, `${count(report.agents.length, 'agent')}.`, ...agents].join(' ');
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
