import type { AgentState } from '../../src/domain/agent.ts';
import { type AgentCounts, PHASES, type Phase, type RunProgress } from '../../src/domain/run.ts';

/** One agent as the screen shows it. */
export interface AgentLine {
  readonly agentId: string;
  readonly state: AgentState;
  /** The last thing it did or said. */
  readonly last: string;
}

/** Everything that the screen shows of a run. Times are milliseconds since the epoch. */
export interface RunView {
  readonly runId: string;
  readonly startedAt: number;
  /** Undefined until the orchestrator has said something. */
  readonly phase: Phase | undefined;
  /** When each phase was first seen. */
  readonly phaseStartedAt: Readonly<Partial<Record<Phase, number>>>;
  readonly counts: AgentCounts;
  readonly agents: readonly AgentLine[];
  readonly endsAt: number | undefined;
  readonly cleanup: RunProgress['cleanup'];
}

/** The phases that take time; `ended` is a moment. */
export const STEPS = PHASES.filter((phase) => phase !== 'ended');

/** A run that was just asked for. */
export function newView(runId: string, now: number): RunView {
  return {
    runId,
    startedAt: now,
    phase: undefined,
    phaseStartedAt: {},
    counts: { total: 0, provisioning: 0, running: 0, completed: 0, failed: 0 },
    agents: [],
    endsAt: undefined,
    cleanup: undefined,
  };
}

/** The view after one look at the run; what was not seen this time stays. */
export function nextView(
  view: RunView,
  progress: RunProgress | undefined,
  agents: readonly AgentLine[] | undefined,
  now: number,
): RunView {
  const seen = progress
    ? {
        phase: progress.phase,
        phaseStartedAt: { [progress.phase]: now, ...view.phaseStartedAt },
        counts: progress.agents,
        endsAt: progress.endsAt ? Date.parse(progress.endsAt) : view.endsAt,
        cleanup: progress.cleanup ?? view.cleanup,
      }
    : {};
  return { ...view, ...seen, agents: agents ?? view.agents };
}

/** How a phase stands in the view. A phase that was passed between two looks counts as done. */
export function stepState(view: RunView, step: Phase): 'waiting' | 'active' | 'done' {
  if (view.phase === undefined) return 'waiting';
  const [here, there] = [PHASES.indexOf(view.phase), PHASES.indexOf(step)];
  if (here === there) return 'active';
  return here > there ? 'done' : 'waiting';
}

/** Milliseconds from the first sight of a phase to that of the next one, or to `now`; undefined when it was not seen. */
export function stepMs(view: RunView, step: Phase, now: number): number | undefined {
  const from = view.phaseStartedAt[step];
  if (from === undefined) return undefined;
  const later = PHASES.slice(PHASES.indexOf(step) + 1).flatMap((phase) => view.phaseStartedAt[phase] ?? []);
  return (later.length > 0 ? Math.min(...later) : now) - from;
}
