import { z } from 'zod';
import type { DurableStatus } from './durable.ts';

const RunOutput = z.object({
  runId: z.string(),
  status: z.enum(['completed', 'completed_with_failures', 'failed', 'stopped']),
  cleanupStatus: z.enum(['verified', 'leftovers', 'unknown', 'not_needed']),
  agents: z.object({ total: z.number() }),
  resourcesCreated: z.number(),
  resourcesRemoved: z.number(),
  leftovers: z.number(),
  reportPath: z.string().nullable(),
  problems: z.array(z.string()).optional(),
});
export type RunOutput = z.infer<typeof RunOutput>;

/** What came of a run: the last line of `npm start -- --json`. */
export interface Outcome {
  readonly runId: string;
  readonly status: RunOutput['status'];
  readonly cleanupStatus: RunOutput['cleanupStatus'];
  readonly agents: number;
  readonly resourcesCreated: number;
  readonly resourcesRemoved: number;
  /** The larger of what the run and what the stand-in say. */
  readonly leftovers: number;
  readonly functionsFound: number;
  /** Path of the HTML report on this machine; null when there is none. */
  readonly reportPath: string | null;
  readonly durationSeconds: number;
}

/** What the run itself knows of its end; undefined when the orchestration ended without an output of its own. */
export function runOutput(status: DurableStatus): RunOutput | undefined {
  const parsed = RunOutput.safeParse(status.output);
  return parsed.success ? parsed.data : undefined;
}

/** Why there is no report of the run; undefined when there is one. A failed orchestration's output is its error. */
export function failureOf(status: DurableStatus): string | undefined {
  const output = runOutput(status);
  if (output) return output.problems?.join(' ');
  const said = typeof status.output === 'string' ? status.output : JSON.stringify(status.output);
  return `the orchestration ended as ${status.runtimeStatus}: ${said}`;
}

/** True when the clean-up is verified and the stand-in agrees that nothing is left. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome.cleanupStatus === 'verified' && outcome.leftovers === 0;
}
