import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { DurableStatus } from '../stack/durable.ts';
import { runOutput } from '../stack/outcome.ts';
import { downloadReport } from '../stack/report.ts';
import type { Stack } from '../stack/stack.ts';
import type { Said } from './judge.ts';

const Report = z.object({
  resources: z.object({ list: z.array(z.object({ id: z.string(), state: z.string() })) }),
  cleanup: z.object({
    rounds: z.array(
      z.object({
        evidence: z.array(z.object({ source: z.string(), outcome: z.string() })),
        leftovers: z.array(z.object({ id: z.string() })),
      }),
    ),
    quarantined: z.array(z.object({ id: z.string() })),
  }),
  errors: z.array(z.object({ where: z.string(), message: z.string() })),
});

/** The sentence with which the engine explains a run that has no answer of its own, if it names what did not work. */
export function whyItBrokeOff({ output }: DurableStatus): string | undefined {
  if (typeof output !== 'string') return undefined;
  const [sentence = ''] = output.split('\n');
  return namesACall(sentence) ? sentence : undefined;
}

function namesACall(sentence: string): boolean {
  return /: .+: /.test(sentence);
}

/** What a run that has ended says of itself; its report is read only where there is something to account for. */
export async function saidBy(
  stack: Stack,
  status: DurableStatus,
  somethingIsLeft: boolean,
): Promise<Said | undefined> {
  const output = runOutput(status);
  if (!output) return undefined;
  const { status: runStatus, cleanupStatus, reportPath, problems = [] } = output;
  const clean = cleanupStatus === 'verified' || cleanupStatus === 'not_needed';
  if (clean && !somethingIsLeft)
    return { status: runStatus, cleanupStatus, named: [], blind: [], errors: [] };

  // Without a report the answer itself has to name what did not work.
  if (!reportPath)
    return {
      status: runStatus,
      cleanupStatus,
      named: [],
      errors: problems,
      blind: problems.filter(namesACall),
    };

  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-report-'));
  try {
    await downloadReport(stack.environment, reportPath, folder);
    const report = Report.parse(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')));
    const lastRound = report.cleanup.rounds.at(-1);
    const failedSources = (lastRound?.evidence ?? []).filter(({ outcome }) => outcome === 'failed');
    // Without a round the clean-up itself broke off, which the report tells as an error of the clean-up.
    const broke = report.errors.filter(({ where }) => where === 'clean-up');
    return {
      status: runStatus,
      cleanupStatus,
      named: [
        ...report.resources.list.filter(({ state }) => state !== 'removed'),
        ...(lastRound?.leftovers ?? []),
        ...report.cleanup.quarantined,
      ].map(({ id }) => id),
      errors: report.errors.map(({ message }) => message),
      blind: [...failedSources.map(({ source }) => source), ...broke.map(({ where }) => where)],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
