import type { createColors } from 'picocolors';
import type { AgentState } from '../../src/domain/agent.ts';
import type { Phase } from '../../src/domain/run.ts';
import { clip, clock, count } from './text.ts';
import { type AgentLine, type RunView, STEPS, stepMs, stepState } from './view.ts';

export type Colours = ReturnType<typeof createColors>;

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;
/** Lines that are not agents: title, blanks, steps, header, counters, and the cursor's own. */
const FIXED_ROWS = STEPS.length + 7;
const STATE_WIDTH = 13;

/** One picture of the run, as lines of at most `columns` characters and at most `rows` lines. Pure. */
export function renderFrame(view: RunView, screen: Screen, now: number): string {
  const { colours } = screen;
  const width = screen.columns - 1;
  const title = clip(`HayMaker ${view.runId}  ${clock(now - view.startedAt)}`, width);
  const lines = [
    colours.bold(title),
    '',
    ...STEPS.map((step) => stepRow(view, step, width, colours, now)),
    ...agentTable(view, screen, width),
  ];
  return lines.slice(0, screen.rows - 1).join('\n');
}

function stepRow(view: RunView, step: Phase, width: number, colours: Colours, now: number): string {
  const ms = stepMs(view, step, now);
  const text = `${step.padEnd(STATE_WIDTH)}${ms === undefined ? '' : clock(ms).padStart(6)}`;
  switch (stepState(view, step)) {
    case 'done':
      return `${colours.green('✓')} ${clip(text, width - 2)}`;
    case 'active': {
      const spinner = SPINNER[Math.floor(now / SPIN_MS) % SPINNER.length] ?? '';
      return `${colours.cyan(spinner)} ${colours.bold(clip(`${text}  ${noteOn(view, now)}`, width - 2))}`;
    }
    case 'waiting':
      return colours.dim(`· ${clip(text, width - 2)}`);
  }
}

/** What the active phase waits for. */
function noteOn(view: RunView, now: number): string {
  if (view.phase === 'monitoring' && view.endsAt) return `the window ends in ${clock(view.endsAt - now)}`;
  if (view.phase === 'cleaning' && view.cleanup) return cleanupWords(view.cleanup);
  return '';
}

/** "round 2: 3 left, 0 clean passes" */
export function cleanupWords(cleanup: NonNullable<RunView['cleanup']>): string {
  const passes = cleanup.cleanPasses === 1 ? '1 clean pass' : `${cleanup.cleanPasses} clean passes`;
  return `round ${cleanup.round}: ${cleanup.remaining} left, ${passes}`;
}

function agentTable(view: RunView, screen: Screen, width: number): string[] {
  if (view.counts.total === 0 && view.agents.length === 0) return [];
  const room = Math.max(0, screen.rows - FIXED_ROWS);
  const shown = view.agents.slice(0, view.agents.length > room ? Math.max(0, room - 1) : room);
  const hidden = view.agents.length - shown.length;
  const nameWidth = Math.max(0, ...shown.map(({ agentId }) => agentId.length)) + 2;
  const { colours } = screen;
  return [
    '',
    ...shown.map((agent) => agentRow(agent, nameWidth, width, colours)),
    ...(hidden > 0 && room > 0 ? [colours.dim(clip(`and ${hidden} more`, width))] : []),
    '',
    clip(countWords(view), width),
  ];
}

function agentRow(agent: AgentLine, nameWidth: number, width: number, colours: Colours): string {
  const name = agent.agentId.padEnd(nameWidth);
  const line = clip(`${name}${agent.state.padEnd(STATE_WIDTH)}${agent.last}`, width);
  const [head, state, tail] = [
    line.slice(0, nameWidth),
    line.slice(nameWidth, nameWidth + STATE_WIDTH),
    line.slice(nameWidth + STATE_WIDTH),
  ];
  return `${head}${paint(agent.state, colours)(state)}${colours.dim(tail)}`;
}

/** "5 agents: 3 running, 1 completed, 1 failed" */
export function countWords({ counts }: RunView): string {
  const parts = (['provisioning', 'running', 'completed', 'failed'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  return `${count(counts.total, 'agent')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function paint(state: AgentState, colours: Colours): (text: string) => string {
  switch (state) {
    case 'provisioning':
      return colours.dim;
    case 'running':
      return colours.cyan;
    case 'completed':
      return colours.green;
    case 'failed':
    case 'lost':
      return colours.red;
    case 'removed':
      return colours.yellow;
  }
}
