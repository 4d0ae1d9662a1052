import type { Case } from './cases.ts';
import type { Observation } from './judge.ts';
import { openLab } from './lab.ts';
import { type PlanOptions, planCases } from './plan.ts';
import { performAll } from './pool.ts';
import { recordKinds } from './recordKinds.ts';

export interface TortureOptions extends PlanOptions {
  readonly parallel: number;
  /** This case alone, instead of a plan. */
  readonly single?: Case;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onResult: (observation: Observation, done: number, total: number) => void;
}

/**
 * Performs whole runs under faults, kills, terminations and lies. Returns what was seen of each. Leaves no process behind
 * on any way out.
 */
export async function torture(options: TortureOptions): Promise<Observation[]> {
  const { seed, parallel, single, signal } = options;
  const first = await openLab(seed, signal);
  const cases = single
    ? [single]
    : await plan(options, first).catch(async (error: unknown) => {
        await first.close();
        throw error;
      });
  const seen: Observation[] = [];
  await performAll(cases, first, {
    seed,
    parallel,
    signal,
    onResult: (observation) => {
      seen.push(observation);
      options.onResult(observation, seen.length, cases.length);
    },
  });
  return seen;
}

async function plan(options: TortureOptions, lab: Awaited<ReturnType<typeof openLab>>): Promise<Case[]> {
  if (options.only && options.only !== 'fault') return planCases([], options);
  const kinds = await recordKinds(lab);
  options.say(`A run makes ${kinds.length} kinds of wire calls.`);
  return planCases(kinds, options);
}
