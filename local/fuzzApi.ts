import process from 'node:process';
import { fuzzApi } from './fuzz/fuzz.ts';
import { knownValues } from './fuzz/known.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { demoSettings, HARDLY_EVER } from './stack/demo.ts';
import { parseFlags, usageError } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';
import { withStack } from './stack/withStack.ts';

const COMMAND = 'npm run fuzz:api';
const FLAGS = {
  json: { type: 'boolean', about: 'end with one JSON line' },
  requests: { type: 'string', about: 'how many (10000)' },
  seed: { type: 'string', about: 'a whole number; the same seed sends the same requests (1)' },
} as const;

/** `npm run fuzz:api`: sends generated requests to every route of a stack of its own. Ends with 0 when none broke it. */
await runCommand(async () => {
  const flags = parseFlags(COMMAND, FLAGS);
  const requests = wholeNumber('requests', flags.requests ?? '10000');
  const seed = wholeNumber('seed', flags.seed ?? '1');
  await bundleApp(REPOSITORY);
  const settings = {
    ...demoSettings('PT5S'),
    CHECK_INTERVAL: 'PT2S',
    CLEAN_PASS_INTERVAL: 'PT1S',
    HAYMAKER_SCHEDULE: HARDLY_EVER,
    JANITOR_SCHEDULE: HARDLY_EVER,
    MAX_CONCURRENT_RUNS: '1',
    MAX_RUNS_PER_HOUR: '2',
  };
  const startedAt = Date.now();
  const result = await withStack({ settings, seed: 'fuzz' }, async ({ url }) => {
    process.stderr.write(`A short run at ${url}, so that there is something to ask about ...\n`);
    const known = await knownValues(url);
    const onProgress = (done: number) => {
      if (done % 1_000 === 0) process.stderr.write(`${done} requests after ${seconds(startedAt)} s\n`);
    };
    return fuzzApi({ url, seed, requests, known, onProgress });
  });
  const { examples, statuses, ...counts } = result;
  for (const example of examples) process.stderr.write(`\n${example}\n`);
  const spread = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  process.stderr.write(`Statuses ${spread.join(', ')}\n`);
  const { serverErrors, schemaBreaks, routes } = counts;
  console.log(
    flags.json
      ? JSON.stringify(counts)
      : `${counts.requests} requests to ${routes} routes: ${serverErrors} server errors, ${schemaBreaks} answers that are not as documented.`,
  );
  return serverErrors + schemaBreaks === 0 ? 0 : 1;
});

function wholeNumber(name: keyof typeof FLAGS, text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError(COMMAND, FLAGS, `--${name}: expected a whole number, got "${text}"`);
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1_000);
}
