import { PHASES, type Phase } from '../src/domain/run.ts';
import { type EventHistory, NO_EVENTS } from './events.ts';

type Maybe<T> = T | null | undefined;

/** What a look at a run says: the answer of GET api/v1/runs/{id}, as far as the picture needs it. Times are ISO 8601. */
export interface RunLook {
  readonly run_id: string;
  readonly status: string;
  readonly live?: Maybe<boolean>;
  readonly cleanup_status?: Maybe<string>;
  readonly phase?: Maybe<string>;
  readonly started_at?: Maybe<string>;
  readonly scheduled_end_at?: Maybe<string>;
  readonly completed_at?: Maybe<string>;
  readonly scenarios: readonly string[];
  readonly resources_created?: Maybe<number>;
  readonly phases: readonly { readonly phase: string; readonly started_at: string }[];
  readonly agents: readonly AgentLook[];
  readonly cleanup?: Maybe<{
    readonly rounds: number;
    readonly verdict?: Maybe<string>;
    readonly leftovers: readonly unknown[];
  }>;
}

export interface AgentLook {
  readonly agent_id: string;
  readonly scenario: string;
  readonly status: string;
  /** The whole truth, where `status` folds it. */
  readonly state?: Maybe<string>;
  readonly started_at?: Maybe<string>;
  readonly completed_at?: Maybe<string>;
  readonly progress?: Maybe<string>;
  readonly error?: Maybe<string>;
}

/** One agent as the screen shows it. Times are milliseconds since the epoch. */
export interface AgentLine {
  readonly agentId: string;
  readonly scenario: string;
  readonly state: string;
  /** The last thing it did or said, or why it failed. */
  readonly last: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

export interface Counts {
  readonly total: number;
  /** Chosen, and nothing made for them yet. */
  readonly waiting: number;
  readonly provisioning: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
}

export interface CleanupLine {
  readonly round: number;
  readonly left: number;
  readonly verdict: string | undefined;
}

/** Everything that the screen shows of a run. Times are milliseconds since the epoch. */
export interface RunView {
  readonly runId: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** `running`, or how it ended. */
  readonly status: string;
  readonly cleanupStatus: string | undefined;
  /** The books say that it runs, but nothing is at work any more. */
  readonly isDead: boolean;
  /** Undefined until the run has said something. */
  readonly phase: string | undefined;
  readonly phaseStartedAt: Readonly<Partial<Record<string, number>>>;
  readonly counts: Counts;
  readonly agents: readonly AgentLine[];
  readonly resources: number;
  readonly endsAt: number | undefined;
  readonly cleanup: CleanupLine | undefined;
  readonly events: EventHistory;
  /** Present while the server does not answer. */
  readonly away: { readonly since: number; readonly why: string } | undefined;
}

/** The phases that take time; `ended` is a moment. */
export const STEPS = PHASES.filter((phase) => phase !== 'ended');

const ORDER: readonly string[] = PHASES;

/** A run of which nothing is known yet. */
export function newView(runId: string, now: number): RunView {
  return {
    runId,
    startedAt: now,
    endedAt: undefined,
    status: 'running',
    cleanupStatus: undefined,
    isDead: false,
    phase: undefined,
    phaseStartedAt: {},
    counts: { total: 0, waiting: 0, provisioning: 0, running: 0, completed: 0, failed: 0 },
    agents: [],
    resources: 0,
    endsAt: undefined,
    cleanup: undefined,
    events: NO_EVENTS,
    away: undefined,
  };
}

/** The view after a look at the run that was answered. Pure. */
export function nextView(view: RunView, look: RunLook, events: EventHistory): RunView {
  const agents = look.agents.map(agentLine);
  const hasEnded = look.status !== 'running';
  return {
    runId: look.run_id,
    startedAt: instant(look.started_at) ?? view.startedAt,
    endedAt: instant(look.completed_at),
    status: look.status,
    cleanupStatus: look.cleanup_status ?? undefined,
    isDead: !hasEnded && look.live === false,
    phase: hasEnded ? 'ended' : (look.phase ?? undefined),
    phaseStartedAt: Object.fromEntries(
      look.phases.flatMap(({ phase, started_at: at }) => [[phase, instant(at)]]),
    ),
    counts: countsOf(agents, look.scenarios.length),
    agents,
    resources: look.resources_created ?? 0,
    endsAt: instant(look.scheduled_end_at),
    cleanup: cleanupLine(look),
    events,
    away: undefined,
  };
}

/** The view while the server is away: what was known last, and since when nothing new comes. Pure. */
export function awayView(view: RunView, why: string, now: number): RunView {
  return { ...view, away: { since: view.away?.since ?? now, why } };
}

function agentLine(agent: AgentLook): AgentLine {
  return {
    agentId: agent.agent_id,
    scenario: agent.scenario,
    state: agent.state ?? agent.status,
    last: agent.error ?? agent.progress ?? '',
    startedAt: instant(agent.started_at),
    endedAt: instant(agent.completed_at),
  };
}

function countsOf(agents: readonly AgentLine[], planned: number): Counts {
  const inState = (...states: string[]) => agents.filter(({ state }) => states.includes(state)).length;
  const total = Math.max(planned, agents.length);
  return {
    total,
    waiting: total - agents.length,
    provisioning: inState('provisioning'),
    running: inState('running'),
    completed: inState('completed'),
    failed: inState('failed', 'lost', 'removed'),
  };
}

function cleanupLine({ cleanup }: RunLook): CleanupLine | undefined {
  if (!cleanup || cleanup.rounds === 0) return undefined;
  return { round: cleanup.rounds, left: cleanup.leftovers.length, verdict: cleanup.verdict ?? undefined };
}

function instant(iso: Maybe<string>): number | undefined {
  const at = Date.parse(iso ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** How a phase stands in the view. A phase that was passed between two looks counts as done. */
export function stepState(view: RunView, step: Phase): 'waiting' | 'active' | 'done' {
  const here = ORDER.indexOf(view.phase ?? '');
  const there = PHASES.indexOf(step);
  if (here === there) return 'active';
  // A run that ended early never came to some of them.
  return here > there && (view.phase !== 'ended' || view.phaseStartedAt[step] !== undefined)
    ? 'done'
    : 'waiting';
}

/** Milliseconds from the beginning of a phase to that of the next one, or to `now`; undefined when it has not begun. */
export function stepMs(view: RunView, step: Phase, now: number): number | undefined {
  const from = view.phaseStartedAt[step];
  if (from === undefined) return undefined;
  const later = PHASES.slice(PHASES.indexOf(step) + 1).flatMap((phase) => view.phaseStartedAt[phase] ?? []);
  return (later.length > 0 ? Math.min(...later) : (view.endedAt ?? now)) - from;
}
