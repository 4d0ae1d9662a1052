import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ApiCall } from './endpoint.ts';
import { heldStream } from './eventStream.ts';
import { readRun } from './runs.ts';
import type { LiveAnswer } from './schemas/status.ts';
import { readStatus } from './status.ts';

/**
 * GET api/v1/live: what a page shows of the present, in one answer. As server-sent events it is held until something has
 * changed since the state that the caller knows, which Last-Event-ID names.
 */
export async function live(request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  if (!(request.headers.get('accept') ?? '').toLowerCase().includes('text/event-stream')) {
    return { jsonBody: await readLive(call) };
  }
  const known = request.headers.get('last-event-id');
  return heldStream(async () => {
    const data = JSON.stringify(await readLive(call));
    const id = createHash('sha256').update(data).digest('base64url').slice(0, 22);
    return id === known ? undefined : `id: ${id}\nevent: live\ndata: ${data}\n\n`;
  });
}

async function readLive(call: ApiCall): Promise<LiveAnswer> {
  const status = await readStatus(call);
  const id = status.current_run_id ?? (await newestRun(call));
  return { status, run: id === undefined ? null : ((await readRun(id, call)) ?? null) };
}

async function newestRun({ services }: ApiCall): Promise<string | undefined> {
  const { runs } = await (await services.records()).runs.list({}, 1);
  return runs[0]?.runId;
}
