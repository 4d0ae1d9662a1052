import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ReportOutput } from '../../../src/activities/contracts.ts';
import type { RunProgress } from '../../../src/domain/run.ts';
import { request, until } from './http.ts';
import type { Target } from './target.ts';

const WEBHOOK = 'runtime/webhooks/durabletask';

export interface RunStatus {
  readonly runtimeStatus: string;
  readonly customStatus: RunProgress | null;
  readonly output: ReportOutput;
}

/** Starts a run on the durable webhook, with a body or with none. Returns its id. */
export async function startRun(at: Target, options: { id?: string; body?: unknown } = {}): Promise<string> {
  const id = options.id ? `/${options.id}` : '';
  const init = options.body === undefined ? { method: 'POST' } : { body: options.body };
  const answer = await request<{ id: string }>(
    `${at.url}/${WEBHOOK}/orchestrators/orchestrate_haymaker_run${id}`,
    init,
  );
  if (answer.status !== 202) throw new Error(`not started: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

export async function statusOf(at: Target, id: string): Promise<RunStatus> {
  return (await request<RunStatus>(`${at.url}/${WEBHOOK}/instances/${id}`)).body;
}

/** The run's output, once it has ended by itself. */
export async function outcomeOf(at: Target, id: string, limitMs = 180_000): Promise<ReportOutput> {
  const ended = await until(
    () => statusOf(at, id),
    ({ runtimeStatus }) => ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus),
    limitMs,
  );
  if (ended.runtimeStatus !== 'Completed')
    throw new Error(`${ended.runtimeStatus}: ${JSON.stringify(ended.output)}`);
  return ended.output;
}

/** What the cloud itself still has of a run; undefined without a stand-in. */
export async function leftInCloud(at: Target, runId: string): Promise<unknown[] | undefined> {
  if (!at.controlUrl) return undefined;
  return (await request<unknown[]>(`${at.controlUrl}/control/leftovers?runId=${runId}`)).body;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Calls that made something, by what they made: more than one of a kind for the same thing is a double. */
export async function creations(at: Target): Promise<Record<string, number>> {
  const { calls } = (await request<{ calls: Call[] }>(`${at.controlUrl}/control/calls?detail=1`)).body;
  const counts: Record<string, number> = {};
  for (const { method, path, status } of calls) {
    const isStart = method === 'POST' && /\/jobs\/[^/]+\/start$/.test(path) && status < 300;
    const isIdentity =
      method === 'PATCH' && /\/(applications|servicePrincipals)\(/.test(path) && status === 201;
    const isJob = method === 'PUT' && /\/jobs\/[^/]+$/.test(path) && status === 201;
    if (isStart || isIdentity || isJob) counts[`${method} ${path}`] = (counts[`${method} ${path}`] ?? 0) + 1;
  }
  return counts;
}

/** Everything in the app's storage, as text. */
export async function dumpStorage(at: Target): Promise<string> {
  const script = new URL('./dumpStorage.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, ...at.stack?.environment },
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
