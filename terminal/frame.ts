import { agentTable } from './agentTable.ts';
import { eventsBetween, sparkline } from './events.ts';
import { stepper } from './stepper.ts';
import { clip, clock, count, printable, timeOfDay } from './text.ts';
import type { Colours } from './theme.ts';
import type { CleanupLine, RunView } from './view.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

const LONGEST_SPARKLINE = 60;
const BAR_WIDTH = 24;

/** One picture of the run: at most `rows` lines of at most `columns` characters. Pure. */
export function renderFrame(view: RunView, screen: Screen, now: number): string {
  const { colours, rows } = screen;
  const width = screen.columns - 1;
  const above = [
    title(view, width, colours, now),
    '',
    ...stepper(view, width, colours, now),
    note(view, width, colours, now),
    '',
  ];
  const below = ['', ...eventLine(view, width, colours, now), clip(countWords(view), width)];
  if (view.agents.length === 0 && view.counts.total === 0) return above.slice(0, rows).join('\n');
  const agents = agentTable(view.agents, rows - above.length - below.length, width, colours, now);
  return [...above, ...agents, ...below].slice(0, rows).join('\n');
}

/** "HayMaker run-20261121T0600Z          0:42", the time at the right. */
function title(view: RunView, width: number, colours: Colours, now: number): string {
  const time = clock((view.endedAt ?? now) - view.startedAt);
  const name = clip(`HayMaker ${printable(view.runId)}`, Math.max(0, width - time.length - 2));
  return `${colours.bold(name)}${' '.repeat(Math.max(1, width - name.length - time.length))}${time}`.trimEnd();
}

/** What the active phase waits for; above all, that nobody answers. */
function note(view: RunView, width: number, colours: Colours, now: number): string {
  if (view.away) {
    const words = `Nothing heard for ${clock(now - view.away.since)}. ${printable(view.away.why)} Trying again …`;
    return colours.yellow(clip(words, width));
  }
  if (view.isDead) {
    return colours.yellow(
      clip('Nothing is at work on this run any more. The janitor will clean up behind it.', width),
    );
  }
  if (view.status !== 'running') return clip(endWords(view), width);
  if (view.phase === 'monitoring' && view.endsAt) {
    const left = view.endsAt - now;
    const words = `the window ends in ${clock(left)}, at ${timeOfDay(view.endsAt)} UTC`;
    const [begun = now, length] = [view.phaseStartedAt.monitoring, BAR_WIDTH];
    const done = Math.min(1, Math.max(0, (now - begun) / Math.max(1, view.endsAt - begun)));
    const full = Math.round(done * length);
    const bar = `${'━'.repeat(full)}${colours.dim('─'.repeat(length - full))}`;
    return width < words.length + length + 2 ? clip(words, width) : `${colours.cyan(bar)}  ${words}`;
  }
  if (view.phase === 'cleaning' && view.cleanup) return clip(cleanupWords(view.cleanup), width);
  return view.phase === undefined ? clip('Waiting for the run to begin …', width) : '';
}

/** "The run completed; clean-up verified." */
export function endWords({ status, cleanupStatus }: RunView): string {
  return `${printable(status).replaceAll('_', ' ')}; clean-up ${printable(cleanupStatus ?? 'unknown').replaceAll('_', ' ')}`;
}

/** "round 2: 3 left", "round 4: nothing left", "round 3: a source did not answer" */
export function cleanupWords({ round, left, verdict }: CleanupLine): string {
  const seen = left > 0 ? `${left} left` : 'nothing left';
  return `round ${round}: ${verdict === 'unknown' ? `${seen}, and a source did not answer` : seen}`;
}

function eventLine(view: RunView, width: number, colours: Colours, now: number): string[] {
  const { events } = view;
  if (events.total === 0) return [];
  const words = `${count(events.total, 'event')}${events.errors > 0 ? `, ${count(events.errors, 'error')}` : ''}`;
  const parts = Math.min(LONGEST_SPARKLINE, width - words.length - 2);
  if (parts < 8) return [clip(words, width)];
  const bars = sparkline(eventsBetween(events, view.startedAt, view.endedAt ?? now, parts));
  return [`${colours.cyan(bars)}  ${words}`];
}

/** "5 agents: 3 running, 1 completed, 1 failed; 12 resources" */
export function countWords({ counts, resources }: RunView): string {
  const parts = (['waiting', 'provisioning', 'running', 'completed', 'failed'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`);
  const agents = `${count(counts.total, 'agent')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
  return resources > 0 ? `${agents}; ${count(resources, 'resource')}` : agents;
}
