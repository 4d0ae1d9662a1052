import { type AgentState, foldState } from './agent.ts';

const HOUR_MS = 3_600_000;

/** How the agents of one scenario fared, in numbers that can be added up. */
export interface ScenarioSum {
  readonly agents: number;
  readonly completed: number;
  readonly failed: number;
  /** Of those agents of which both ends are known; `timed` is how many. */
  readonly hours: number;
  readonly timed: number;
}
/** By scenario id. */
export type ScenarioSums = Readonly<Record<string, ScenarioSum>>;

export interface Outcome {
  readonly scenarioId: string;
  readonly state: AgentState;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** The sums of some agents. */
export function sumOf(agents: readonly Outcome[]): ScenarioSums {
  return addUp(agents.map(({ scenarioId, ...agent }) => ({ [scenarioId]: ofOne(agent) })));
}

/** Sums of sums. */
export function addUp(all: readonly ScenarioSums[]): ScenarioSums {
  const sums: Record<string, ScenarioSum> = {};
  for (const [id, one] of all.flatMap((some) => Object.entries(some))) {
    const before = sums[id];
    sums[id] = before ? add(before, one) : one;
  }
  return sums;
}

function ofOne({ state, startedAt, endedAt }: Omit<Outcome, 'scenarioId'>): ScenarioSum {
  const hours = (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / HOUR_MS;
  const isTimed = Number.isFinite(hours) && hours >= 0;
  const folded = foldState(state);
  return {
    agents: 1,
    completed: folded === 'completed' ? 1 : 0,
    failed: folded === 'failed' ? 1 : 0,
    hours: isTimed ? round(hours) : 0,
    timed: isTimed ? 1 : 0,
  };
}

function add(a: ScenarioSum, b: ScenarioSum): ScenarioSum {
  return {
    agents: a.agents + b.agents,
    completed: a.completed + b.completed,
    failed: a.failed + b.failed,
    hours: round(a.hours + b.hours),
    timed: a.timed + b.timed,
  };
}

/** A third of a second is exact enough, and short. */
function round(hours: number): number {
  return Math.round(hours * 10_000) / 10_000;
}
