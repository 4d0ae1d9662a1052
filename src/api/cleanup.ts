import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { CleanupRecord } from '../records/cleanups.ts';
import { parseBody, readJson } from './body.ts';
import { callerTag } from './callerTag.ts';
import { startCleanups } from './cleanupStart.ts';
import { cleanupTargets } from './cleanupTargets.ts';
import { cleanupAnswer, progressOf } from './cleanupView.ts';
import type { ApiCall } from './endpoint.ts';
import { notFound } from './errors.ts';
import { pathId } from './parameters.ts';
import { type CleanupAnswer, CleanupBody } from './schemas/cleanup.ts';

/** A dry run takes one look at each source. Whoever asks gets the list at once when it is there within this time. */
const DRY_RUN_WAIT_MS = 20_000;
const LOOK_AGAIN_MS = 500;

/** POST api/v1/cleanup: removes what ended runs have left, or says what that would delete. */
export async function cleanup(request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  const body = parseBody(CleanupBody, await readJson(request));
  const createdAt = new Date().toISOString();
  const cleanupId = `clean-${createdAt.slice(0, 10).replaceAll('-', '')}-${randomBytes(4).toString('hex')}`;
  const runs = await cleanupTargets(body, cleanupId, call);
  const record: CleanupRecord = { cleanupId, createdAt, dryRun: body.dry_run, runs };
  await (await call.services.records()).cleanups.save(record);
  await startCleanups(record, call);
  call.log('cleanup_requested', {
    caller: callerTag(call.caller),
    cleanup_id: cleanupId,
    dry_run: body.dry_run,
    run_ids: runs.map((target) => target.runId),
  });
  const answer = body.dry_run ? await whenDone(record, call) : await look(record, call);
  return { status: 202, headers: { Location: answer.status_url }, jsonBody: answer };
}

/** GET api/v1/cleanup/{id} */
export async function cleanupStatus(request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  const id = pathId(request, 'CLEANUP_NOT_FOUND', 'clean-up');
  const record = await (await call.services.records()).cleanups.get(id);
  if (!record) throw notFound('CLEANUP_NOT_FOUND', 'clean-up', id);
  return { jsonBody: await look(record, call) };
}

async function look(record: CleanupRecord, { client }: ApiCall): Promise<CleanupAnswer> {
  const progress = await Promise.all(record.runs.map((target) => progressOf(target, record, client)));
  return cleanupAnswer(record, progress);
}

async function whenDone(record: CleanupRecord, call: ApiCall): Promise<CleanupAnswer> {
  const deadline = Date.now() + DRY_RUN_WAIT_MS;
  for (;;) {
    const answer = await look(record, call);
    if (answer.status === 'completed' || answer.status === 'failed' || Date.now() > deadline) return answer;
    await pause(LOOK_AGAIN_MS);
  }
}
