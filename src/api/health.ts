import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { ensureError } from '../domain/errors.ts';
import { type EventLog, eventLog } from '../log/eventLog.ts';
import { getServices } from '../services.ts';
import { VERSION } from '../version.ts';

const CHECK_MS = 5_000;

/** GET health: does the app have its settings and its storage? No key, and no detail that helps an intruder. */
export async function health(_: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const log = eventLog(context);
  const settings = await passes(async () => getServices(), log);
  const storage = settings
    ? await passes(async () => (await getServices().records()).runs.get('health'), log)
    : false;
  const checks = { settings: settings ? 'pass' : 'fail', storage: storage ? 'pass' : 'fail' };
  const healthy = settings && storage;
  return {
    status: healthy ? 200 : 503,
    headers: { 'Cache-Control': 'no-store' },
    jsonBody: { status: healthy ? 'healthy' : 'unhealthy', version: VERSION, checks },
  };
}

async function passes(check: () => Promise<unknown>, log: EventLog): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      check(),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('time-out')), CHECK_MS);
      }),
    ]);
    return true;
  } catch (error) {
    log('health_failed', { reason: ensureError(error).message });
    return false;
  } finally {
    clearTimeout(timer);
  }
}
