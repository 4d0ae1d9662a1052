import type { CheckResult } from '../domain/check.ts';
import { ensureError } from '../domain/errors.ts';
import { RunRequest } from '../domain/run.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.ts';
import type { ValidateInput, ValidateOutput } from './contracts.ts';
import type { Check } from './environmentChecks.ts';
import { environmentChecks } from './environmentChecks.ts';

const CHECK_TIMEOUT_MS = 40_000;

/**
 * Takes the run's id and proves that everything a run needs works, before anything is made: all checks side by side, each
 * with its own time-out, each with what to do when it fails. The results are kept for the report; the history gets the
 * verdict. An id that was used before is refused: names and tags derive from it, and a clean-up of the earlier run, which
 * may be at work this minute, could not tell the new run's things from the old one's.
 */
export async function validateEnvironment(
  input: ValidateInput,
  services: Services,
  log: EventLog = silent,
): Promise<ValidateOutput> {
  const records = await services.records();
  if (!(await records.runs.claim(input.runId, input.startedAt))) {
    const refused = `There has been a run with the id ${input.runId} before. Start this one under an id of its own.`;
    return { passed: false, refused, request: null, failed: [] };
  }
  await records.runs.save(input.runId, {
    status: 'running',
    cleanupStatus: 'pending',
    trigger: 'manual',
    startedAt: input.startedAt,
    scenarios: [],
  });
  await records.runs.begin(input.runId, 'validating', new Date().toISOString());

  const request = parseRequest(input.request);
  log('run_started', {
    run_id: input.runId,
    trigger: request.value?.trigger ?? 'manual',
    version: VERSION,
  });
  const results = await Promise.all([
    Promise.resolve(request.result),
    ...environmentChecks(services, input.runId).map((check) => runCheck(check, CHECK_TIMEOUT_MS)),
  ]);
  await records.documents.saveChecks(input.runId, results);
  if (request.value) await records.runs.save(input.runId, { trigger: request.value.trigger });

  const failed = results.filter((result) => !result.passed);
  for (const { name, detail } of failed) log('check_failed', { run_id: input.runId, check: name, detail });
  return {
    passed: failed.length === 0,
    request: request.value,
    failed: failed.map((result) => result.name),
  };
}

/** One check, timed. Whatever it throws is the detail of a failed check, never an exception. */
export async function runCheck(check: Check, timeoutMs: number): Promise<CheckResult> {
  const begun = performance.now();
  const done = (rest: Pick<CheckResult, 'passed' | 'detail'> & { advice?: string }): CheckResult => ({
    name: check.name,
    durationMs: Math.round(performance.now() - begun),
    ...rest,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
    });
    return done({ passed: true, detail: await Promise.race([check.run(), timeout]) });
  } catch (error) {
    return done({ passed: false, detail: ensureError(error).message, advice: check.advice });
  } finally {
    clearTimeout(timer);
  }
}

/** The durable webhook passes any body on, or none (an empty string). Nothing given means a run with the defaults. */
function parseRequest(raw: unknown): { value: RunRequest | null; result: CheckResult } {
  const given = raw === undefined || raw === null || raw === '' ? {} : raw;
  const parsed = RunRequest.safeParse(given);
  const result = { name: 'run request', durationMs: 0 };
  if (parsed.success) return { value: parsed.data, result: { ...result, passed: true, detail: 'is valid' } };
  const detail = parsed.error.issues
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    .join('; ');
  const advice =
    'Correct the body of the request; every field is optional: scenarios, size, seed, duration, tags, trigger.';
  return { value: null, result: { ...result, passed: false, detail, advice } };
}
