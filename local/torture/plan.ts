import { chanceOf, shuffled } from '../azure/agentBehaviour.ts';
import type { CallKind } from './callKinds.ts';
import {
  type Case,
  faultCase,
  GROUPS,
  type Group,
  killCase,
  liarCase,
  MOMENTS,
  TERMINATED_IN,
  terminateCase,
} from './cases.ts';
import { FAULTS } from './faultNames.ts';
import { LIARS, lieOf } from './liars.ts';

const KILL_CASES = 100;
const QUICK_FAULT_CASES = 16;
const QUICK_KILL_CASES = 8;
const READS = /^(GET|HEAD|RECEIVE) /;

export interface PlanOptions {
  readonly seed: string;
  readonly quick: boolean;
  readonly only?: Group;
  /** At most so many cases of each group. */
  readonly limit?: number;
  /** The `number`-th (from 1) of `of` parts. What a case does says which part is its. */
  readonly shard?: { readonly number: number; readonly of: number };
}

/** The cases of a torture, in a seeded order; every kind of call, fault and duration, or a sample of them. */
export function planCases(kinds: readonly CallKind[], options: PlanOptions): Case[] {
  const { seed, quick, only, limit, shard } = options;
  const all: Readonly<Record<Group, readonly Case[]>> = {
    fault: quick ? spread(faultSweep(kinds, seed), seed, QUICK_FAULT_CASES) : faultSweep(kinds, seed),
    kill: Array.from({ length: quick ? QUICK_KILL_CASES : KILL_CASES }, (_, i) => killCase(i + 1)),
    terminate: TERMINATED_IN.map(terminateCase),
    liars: LIARS.map(liarCase),
  };
  const groups = only ? [only] : GROUPS;
  const cases = groups.flatMap((group) => (limit ? spread(all[group], seed, limit) : all[group]));
  // What takes longest begins first, so that nobody waits for one last case.
  const order = shuffled(cases, chanceOf(`${seed}/order`)).sort((a, b) => slowness(b) - slowness(a));
  return shard
    ? order.filter((one) => Math.floor(chanceOf(doing(one))() * shard.of) === shard.number - 1)
    : order;
}

/** What a case does, whenever it does it: two recordings may differ in the moments at which a call is made. */
function doing(one: Case): string {
  return one.group === 'fault' ? `${one.call} ${one.fault} ${one.lasting}` : one.id;
}

function slowness(one: Case): number {
  if (one.group === 'liars') return lieOf(one.liar).jump ? 1 : 0;
  if (one.group !== 'fault') return 0;
  return Number(one.lasting) + Number(one.fault === 'time-out');
}

/** Each kind × each fault × {once, lasting}; the moment is one of those at which the kind is called. */
function faultSweep(kinds: readonly CallKind[], seed: string): Case[] {
  return kinds.flatMap(({ call, moments, warmUntil }) =>
    FAULTS.flatMap((fault) => {
      // The answer to a read has no effect that it could come after: that would be the same as a reset.
      if (fault === 'lost-answer' && READS.test(call)) return [];
      return [false, true].map((lasting) => {
        const chance = chanceOf(`${seed}/${call}/${fault}/${lasting}`)();
        const moment = moments[Math.floor(chance * moments.length)] ?? MOMENTS[0];
        const cold = !warmUntil || MOMENTS.indexOf(warmUntil) < MOMENTS.indexOf(moment);
        return faultCase(call, fault, lasting, moment, cold);
      });
    }),
  );
}

/** A sample of `size`. */
function spread(cases: readonly Case[], seed: string, size: number): Case[] {
  return shuffled(cases, chanceOf(`${seed}/sample`)).slice(0, size);
}

/** The case of an id, such as a failed one was listed with. Undefined when there is none. */
export function caseOf(id: string): Case | undefined {
  const parsed = /^fault (\S+ \S+) (\S+) (once|lasting) (\S+)$/.exec(id);
  const [, call, fault, duration, moment] = parsed ?? [];
  const known = FAULTS.find((name) => name === fault);
  const at = MOMENTS.find((name) => name === moment);
  if (call && known && at) return faultCase(call, known, duration === 'lasting', at);
  const kill = /^kill (\d+)$/.exec(id)?.[1];
  if (kill) return killCase(Number(kill));
  return [...TERMINATED_IN.map(terminateCase), ...LIARS.map(liarCase)].find((other) => other.id === id);
}
