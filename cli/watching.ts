import { changeDisplay, type Display, liveDisplay, plainDisplay } from '../terminal/display.ts';
import type { RunView } from '../terminal/view.ts';
import { createWatcher, type RunSource } from '../terminal/watcher.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { poll } from './follow.ts';
import { Execution, Logs, RunDetail } from './http/answers.ts';
import type { Client } from './http/client.ts';
import type { Session } from './session.ts';

/** The most lines that one question may bring. */
const MOST_LINES = 1_000;

/**
 * Shows a run until it has ended: a moving picture on a terminal, a line for every change elsewhere (of JSON with
 * --format json). Throws CommandFailure when there is no such run, or when the app stays away.
 */
export async function watchRun(
  session: Session,
  runId: string,
  everyMs: number,
  signal: AbortSignal,
): Promise<RunView> {
  const watcher = createWatcher(sourceOf(session.client({ quiet: true }), runId, signal), runId, session.now);
  const display = displayFor(session, runId);
  display.show(watcher.view);
  try {
    return await poll(() => watcher.look(), {
      everyMs,
      signal,
      now: session.now,
      isFinal: ({ status }) => status !== 'running',
      onLook: (view, failure) => display.show(view ?? watcher.away(failure?.message ?? 'No answer.')),
    });
  } finally {
    display.close();
  }
}

function sourceOf(client: Client, runId: string, signal: AbortSignal): RunSource {
  return {
    run: () =>
      client
        .get(`/api/v1/runs/${encodeURIComponent(runId)}`, RunDetail, { signal })
        .catch((error: unknown) => queued(error, client, runId, signal)),
    log: async (agentId, cursor) => {
      const path = `/api/v1/agents/${encodeURIComponent(agentId)}/logs`;
      const query = { tail: MOST_LINES, cursor };
      const { logs, next_cursor: next } = await client.get(path, Logs, { query, signal });
      return { lines: logs, ...(next ? { next } : {}) };
    },
  };
}

/** A run that was only just asked for is not in the books yet: nothing to see. Any other failure stays one. */
async function queued(
  error: unknown,
  client: Client,
  runId: string,
  signal: AbortSignal,
): Promise<undefined> {
  if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.notFound) throw error;
  const path = `/api/v1/executions/${encodeURIComponent(runId)}`;
  const execution = await client.get(path, Execution, { signal }).catch(() => undefined);
  if (execution?.status !== 'queued') throw error;
}

function displayFor({ out, now }: Session, runId: string): Display {
  if (out.live) return liveDisplay(out.stdout, out.screen.colours);
  if (out.format === 'table') return plainDisplay(out.stdout);
  return changeDisplay(
    ({ change, words }) =>
      out.item({ at: new Date(now()).toISOString(), run_id: runId, ...change }, () => words),
    out.say,
  );
}

/** Why a run that has ended is no success; undefined when it is one. Clean means known to be clean. */
export function failureOf({ runId, status, cleanupStatus }: RunView): CommandFailure | undefined {
  const see = `See what happened: haymaker runs show ${runId}`;
  if (status === 'failed') return new CommandFailure(EXIT.failed, `${runId} failed. ${see}`);
  if (cleanupStatus === 'verified' || cleanupStatus === 'not_needed') return undefined;
  return new CommandFailure(
    EXIT.failed,
    `${runId} has ended, but its clean-up is ${cleanupStatus ?? 'not known'}. ${see}`,
  );
}
