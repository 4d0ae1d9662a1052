import Table from 'cli-table3';
import { GROUPS, type Group } from './cases.ts';
import { failed, judge, type Observation, type Verdict } from './judge.ts';

/** The last line of `npm run torture -- --json`. */
export interface Summary {
  readonly cases: number;
  readonly faultCases: number;
  readonly killCases: number;
  readonly leaks: number;
  readonly falseCleans: number;
  readonly doubles: number;
  readonly stuck: number;
  /** Runs that ended unclean and did not say what is left, nor which source was blind. */
  readonly silent: number;
  /** Cases that could not be performed. */
  readonly broken: number;
  /** Fault cases in which the fault was never met, which prove nothing. */
  readonly notHit: number;
  readonly medianSecondsToClean: number;
  readonly worstSecondsToClean: number;
  readonly seed: string;
}

export function summarize(seen: readonly Observation[], seed: string): Summary {
  const count = (what: keyof Verdict) => seen.filter((one) => judge(one)[what]).length;
  const seconds = seen.map((one) => one.secondsToClean).sort((a, b) => a - b);
  return {
    cases: seen.length,
    faultCases: ofGroup(seen, 'fault').length,
    killCases: ofGroup(seen, 'kill').length,
    leaks: count('leak'),
    falseCleans: count('falseClean'),
    doubles: count('double'),
    stuck: count('stuck'),
    silent: count('silent'),
    broken: count('broken'),
    notHit: seen.filter((one) => one.hits === 0).length,
    medianSecondsToClean: seconds[Math.floor(seconds.length / 2)] ?? 0,
    worstSecondsToClean: seconds.at(-1) ?? 0,
    seed,
  };
}

/** A row a group: what was proven and what was not. */
export function renderTable(seen: readonly Observation[], seed: string): string {
  const table = new Table({
    head: [
      'group',
      'cases',
      'verified',
      'by janitor',
      'leaks',
      'false cleans',
      'doubles',
      'stuck',
      'silent',
      'broken',
      'not hit',
      'median s',
      'worst s',
    ],
    style: { head: [], border: [] },
    colAligns: ['left', ...Array.from({ length: 12 }, () => 'right' as const)],
  });
  for (const group of [...GROUPS, undefined]) {
    const rows = group ? ofGroup(seen, group) : seen;
    if (rows.length === 0) continue;
    const sums = summarize(rows, seed);
    table.push([
      group ?? 'all',
      sums.cases,
      rows.filter(({ said }) => said?.cleanupStatus === 'verified').length,
      rows.filter((one) => one.leftAfterRun.length > 0 && one.leftInTheEnd.length === 0).length,
      sums.leaks,
      sums.falseCleans,
      sums.doubles,
      sums.stuck,
      sums.silent,
      sums.broken,
      sums.notHit,
      sums.medianSecondsToClean,
      sums.worstSecondsToClean,
    ]);
  }
  return table.toString();
}

const WHY_LENGTH = 300;

/** One line a case: how it ended, and what was wrong about it. */
export function describe(one: Observation): string {
  const said = one.said ? `${one.said.status}, ${one.said.cleanupStatus}` : one.ended;
  const wrong = Object.entries(judge(one))
    .filter(([, is]) => is)
    .map(([what]) => what);
  const played = one.hits === undefined ? '' : `, played ${one.hits}×`;
  const left = one.leftAfterRun.length > 0 ? `, left ${one.leftAfterRun.length} to the janitor` : '';
  const verdict = wrong.length > 0 ? `FAILED (${wrong.join(', ')})` : 'ok';
  const why = one.broken ?? one.failure;
  const broken = why ? `: ${why.slice(0, WHY_LENGTH)}` : '';
  return `${verdict}  ${one.case.id}: ${said}${played}${left}, ${one.totalSeconds} s${broken}`;
}

/** The failed cases, each with what was seen and how to repeat it alone. */
export function renderFailures(seen: readonly Observation[], seed: string): string[] {
  return seen
    .filter((one) => failed(judge(one)))
    .flatMap((one) => [
      describe(one),
      ...one.doubles.map((double) => `  ${double}`),
      ...one.leftAfterRun.map(({ kind, id }) => `  left by the run: ${kind} ${id}`),
      ...one.leftInTheEnd.map(({ kind, id }) => `  left in the end: ${kind} ${id}`),
      `  repeat: npm run torture -- --seed ${seed} --case '${one.case.id}'`,
    ]);
}

function ofGroup(seen: readonly Observation[], group: Group): Observation[] {
  return seen.filter((one) => one.case.group === group);
}
