import { clip, clock, printable } from './text.ts';
import { type Colours, paint } from './theme.ts';
import type { AgentLine } from './view.ts';

const STATE_WIDTH = 13;
const TIME_WIDTH = 8;
/** From so many columns on there is room for whole ids and times. */
const ROOMY = 100;

/** What is worth a line when not all agents fit: trouble, then work, then what is over. */
const RANK: Readonly<Record<string, number>> = {
  failed: 0,
  lost: 0,
  removed: 1,
  running: 2,
  provisioning: 3,
  completed: 4,
};

/** A heading and at most `room - 1` lines of agents, in the order of the list; how many are hidden when not all fit. Pure. */
export function agentTable(
  agents: readonly AgentLine[],
  room: number,
  width: number,
  colours: Colours,
  now: number,
): string[] {
  if (agents.length === 0 || room < 2) return [];
  const most = room - 1;
  const shown = agents.length <= most ? agents : mostTelling(agents, most - 1);
  const hidden = agents.length - shown.length;
  const isRoomy = width >= ROOMY;
  const nameOf = (agent: AgentLine) => printable(isRoomy ? agent.agentId : agent.scenario || agent.agentId);
  const nameWidth = Math.max('AGENT'.length, ...shown.map((agent) => nameOf(agent).length)) + 2;
  const heading = [
    'AGENT'.padEnd(nameWidth),
    'STATE'.padEnd(STATE_WIDTH),
    isRoomy ? 'FOR'.padEnd(TIME_WIDTH) : '',
    'LAST EVENT',
  ].join('');
  return [
    colours.dim(clip(heading, width)),
    ...shown.map((agent) => {
      const time = isRoomy ? timeOf(agent, now).padEnd(TIME_WIDTH) : '';
      const state = printable(agent.state).padEnd(STATE_WIDTH);
      const line = clip(`${nameOf(agent).padEnd(nameWidth)}${state}${time}${printable(agent.last)}`, width);
      const [begin, end] = [nameWidth, nameWidth + STATE_WIDTH];
      return `${line.slice(0, begin)}${paint(agent.state, colours)(line.slice(begin, end))}${colours.dim(line.slice(end))}`;
    }),
    ...(hidden > 0 ? [colours.dim(clip(`and ${hidden} more: haymaker agents list`, width))] : []),
  ];
}

function mostTelling(agents: readonly AgentLine[], most: number): AgentLine[] {
  const rank = ({ state }: AgentLine) => RANK[state] ?? 2;
  const chosen = new Set([...agents].sort((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, most)));
  return agents.filter((agent) => chosen.has(agent));
}

function timeOf({ startedAt, endedAt }: AgentLine, now: number): string {
  return startedAt === undefined ? '' : clock((endedAt ?? now) - startedAt);
}
