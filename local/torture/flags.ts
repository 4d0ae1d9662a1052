import type { CommandError } from '../stack/command.ts';
import { parseFlags, usageError } from '../stack/flags.ts';
import { type Case, GROUPS, type Group } from './cases.ts';
import { caseOf } from './plan.ts';

const COMMAND = 'npm run torture';
const DEFAULT_SEED = 'haymaker';
const DEFAULT_PARALLEL = 8;
const FLAGS = {
  seed: { type: 'string', about: `what is left to chance: moments, scenarios, behaviours (${DEFAULT_SEED})` },
  quick: { type: 'boolean', about: 'a sample, in less than five minutes' },
  only: { type: 'string', about: GROUPS.join(', ') },
  cases: { type: 'string', about: 'at most so many of each group' },
  shard: { type: 'string', about: 'a part of them, such as 1/4: the parts together are the whole' },
  parallel: { type: 'string', about: `so many stacks side by side (${DEFAULT_PARALLEL})` },
  case: { type: 'string', about: 'one case, by the id that it was listed with' },
  json: { type: 'boolean', about: 'end with one JSON line' },
} as const;

export interface TortureFlags {
  readonly seed: string;
  readonly quick: boolean;
  readonly json: boolean;
  readonly parallel: number;
  readonly only?: Group;
  readonly limit?: number;
  readonly shard?: { readonly number: number; readonly of: number };
  readonly single?: Case;
}

/** Reads the flags of `npm run torture`. Throws CommandError (exit code 2) that names the flag and what it takes. */
export function parseTortureFlags(args?: readonly string[]): TortureFlags {
  const flags = parseFlags(COMMAND, FLAGS, args);
  const only = GROUPS.find((group) => group === flags.only);
  if (flags.only !== undefined && !only) throw wrong(`--only: expected one of ${GROUPS.join(', ')}`);
  const single = flags.case === undefined ? undefined : caseOf(flags.case);
  if (flags.case !== undefined && !single) throw wrong(`--case: there is no case "${flags.case}"`);
  return {
    seed: flags.seed ?? DEFAULT_SEED,
    quick: flags.quick,
    json: flags.json,
    parallel: whole('parallel', flags.parallel ?? String(DEFAULT_PARALLEL)),
    ...(only ? { only } : {}),
    ...(flags.cases === undefined ? {} : { limit: whole('cases', flags.cases) }),
    ...(flags.shard === undefined ? {} : { shard: shardOf(flags.shard) }),
    ...(single ? { single } : {}),
  };
}

function shardOf(text: string): { number: number; of: number } {
  const [, number = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (number >= 1 && number <= of) return { number, of };
  throw wrong(`--shard: expected a part such as 1/4, got "${text}"`);
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw wrong(`--${name}: expected a whole number above 0, got "${text}"`);
}

function wrong(why: string): CommandError {
  return usageError(COMMAND, FLAGS, why);
}
