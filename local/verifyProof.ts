import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ensureError } from '../src/domain/errors.ts';
import type { Report } from '../src/domain/report.ts';
import { checkProof, type ProofCheck } from '../src/report/proof/check.ts';
import { CommandError, runCommand } from './stack/command.ts';

const USAGE = `usage: npm run verify-proof -- <report.json> [flags]
  --previous <path>    the report before it in the chain: checks the link, too
  --json               ends with one JSON line
Ends with 0 when the proof holds, 1 when it does not, 2 when it cannot be checked.`;

const time = z.iso.datetime();
/** The parts of a report that the check reads; the rest is hashed as it stands. */
const ReportFile = z.looseObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  startedAt: time,
  completedAt: time,
  resources: z.looseObject({ created: z.number(), remaining: z.number() }),
  cleanup: z.looseObject({
    status: z.string(),
    rounds: z.array(
      z.looseObject({
        round: z.number(),
        askedAt: time,
        verdict: z.string(),
        leftovers: z.array(z.unknown()),
        evidence: z.array(
          z.looseObject({ source: z.string(), askedAt: time, outcome: z.string(), found: z.number() }),
        ),
      }),
    ),
  }),
  proof: z
    .looseObject({
      algorithm: z.string(),
      canonical: z.string(),
      digest: z.string(),
      previous: z.object({ runId: z.string(), digest: z.string() }).nullable(),
    })
    .optional(),
});

/** `npm run verify-proof`: recomputes the proof of a report and says in words whether it holds. */
await runCommand(async () => {
  const { path, previousPath, json } = readArguments();
  const check = await checkProof(
    readReport(path),
    previousPath === undefined ? undefined : readReport(previousPath),
  );
  console.log(inWords(check));
  if (json) console.log(JSON.stringify(check));
  return { holds: 0, broken: 1, uncheckable: 2 }[check.verdict];
});

function readArguments(): { path: string; previousPath: string | undefined; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { previous: { type: 'string' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new Error('Name one report.json.');
    return { path, previousPath: values.previous, json: values.json };
  } catch (error) {
    throw new CommandError(`${ensureError(error).message}\n\n${USAGE}`, 2);
  }
}

function readReport(path: string): Report {
  let content: unknown;
  try {
    // npm runs scripts in the root of the clone; paths are the caller's.
    content = JSON.parse(readFileSync(resolve(process.env.INIT_CWD ?? '.', path), 'utf8'));
  } catch (error) {
    throw new CommandError(`${path} cannot be read as JSON: ${ensureError(error).message}`, 2);
  }
  const parsed = ReportFile.safeParse(content);
  if (!parsed.success)
    throw new CommandError(`${path} is not a run's report.json:\n${z.prettifyError(parsed.error)}`, 2);
  // As it was read, not as it was parsed: everything in it is part of what is hashed.
  return content as Report;
}

function inWords({ verdict, runId, findings }: ProofCheck): string {
  const title = {
    holds: `The proof of ${runId} holds: this run left nothing.`,
    broken: `The proof of ${runId} does not hold.`,
    uncheckable: `The proof of ${runId} cannot be checked.`,
  }[verdict];
  return [title, ...findings.map(({ ok, text }) => `  ${ok ? 'ok ' : 'NO '} ${text}`)].join('\n');
}
