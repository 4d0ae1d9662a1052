import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { inspect } from 'node:util';
import { z } from 'zod';
import { type Bench, type BenchResult, meets } from '../bench/bench.ts';
import { BENCHES } from '../bench/roster.ts';
import { summarize } from '../bench/summary.ts';
import { table } from '../bench/table.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { parseFlags, usageError } from './stack/flags.ts';
import { Interrupted } from './stack/interruption.ts';
import { REPOSITORY } from './stack/paths.ts';

const COMMAND = 'npm run bench';
const FLAGS = {
  json: { type: 'boolean', about: 'end with one JSON line' },
  only: {
    type: 'string',
    about: `some of them, such as api,ingest: ${BENCHES.map(({ name }) => name).join(', ')}`,
  },
  quick: { type: 'boolean', about: 'small numbers, to try it out; writes no results' },
} as const;

const Results = z.object({ benches: z.record(z.string(), z.unknown()) });

type Outcome = { readonly name: string; readonly seconds: number } & (
  | { readonly result: BenchResult }
  | { readonly error: string }
);

/**
 * `npm run bench`: every bench one after another, one table, and bench/results.json. Ends with 0 when all of them could
 * measure; a goal that was missed is shown and does not change that.
 */
await runCommand(async () => {
  const flags = parseFlags(COMMAND, FLAGS);
  const benches = wanted(flags.only);
  await bundleApp(REPOSITORY);
  const outcomes: Outcome[] = [];
  for (const bench of benches) outcomes.push(await perform(bench, flags.quick));
  const done = outcomes.filter((outcome) => 'result' in outcome);
  console.log(['', ...table(done.map(({ name, result }) => ({ name, rows: result.rows })))].join('\n'));
  const failed = outcomes.filter((outcome) => 'error' in outcome);
  for (const { name, error } of failed) console.error(`\n${name} could not measure: ${error}`);
  if (!flags.quick) save(outcomes);
  const missed = done.flatMap(({ result }) => result.rows).filter((row) => meets(row) === false).length;
  if (missed > 0) console.log(`\n${missed} ${missed === 1 ? 'goal was' : 'goals were'} missed.`);
  if (flags.json) console.log(JSON.stringify(summarize(done.map(({ result }) => result))));
  return failed.length === 0 ? 0 : 1;
});

function wanted(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  return only.split(',').map((name) => {
    const found = BENCHES.find((bench) => bench.name === name.trim());
    if (!found) throw usageError(COMMAND, FLAGS, `--only: there is no bench "${name}"`);
    return found;
  });
}

async function perform(bench: Bench, quick: boolean): Promise<Outcome> {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  console.error(`${bench.name}: ${bench.about}`);
  try {
    const result = await bench.run({
      quick,
      say: (line) => console.error(`${`${seconds()} s`.padStart(7)}  ${line}`),
    });
    return { name: bench.name, seconds: seconds(), result };
  } catch (thrown) {
    if (thrown instanceof Interrupted) throw thrown;

    return { name: bench.name, seconds: seconds(), error: inspect(thrown) };
  }
}

/** Every bench's last result stands in results.json, with its own time: a part may be measured again alone. */
function save(outcomes: readonly Outcome[]): void {
  const file = path.join(REPOSITORY, 'bench', 'results.json');
  const measured = outcomes.flatMap(({ name, seconds, ...outcome }) =>
    'result' in outcome
      ? [[name, { measuredAt: new Date().toISOString(), seconds, ...outcome.result }] as const]
      : [],
  );
  const before = existsSync(file) ? Results.parse(JSON.parse(readFileSync(file, 'utf8'))).benches : {};
  const all: Record<string, unknown> = { ...before, ...Object.fromEntries(measured) };
  const benches = Object.fromEntries(
    BENCHES.flatMap(({ name }) => (name in all ? [[name, all[name] as BenchResult] as const] : [])),
  );
  const machine = {
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1_073_741_824),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
  const document = { machine, summary: summarize(Object.values(benches)), benches };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  console.error(`\nWritten: ${file}`);
}
