import { poll } from './follow.ts';
import { Execution } from './http/answers.ts';
import { startLive } from './output/live.ts';
import { renderFields, type Screen } from './output/table.ts';
import { clip, coloured, instant, printable, span } from './output/text.ts';
import type { Session } from './session.ts';

/** Watches a run until it has ended: a moving picture on a terminal, a line for every change elsewhere (on stderr). */
export async function waitForExecution(
  session: Session,
  id: string,
  everyMs: number,
  signal: AbortSignal,
): Promise<Execution> {
  const { out, now } = session;
  const client = session.client({ quiet: true });
  const since = now();
  let words = 'queued';
  const live = startLive(out, (spinner) => {
    const line = `${spinner} ${printable(id)}  ${span(now() - since)}  ${words}`;
    return clip(line, (out.screen.columns ?? 80) - 1);
  });
  const change = (to: string) => {
    if (to !== words && !out.live) out.say(`${new Date(now()).toISOString().slice(11, 19)} ${to}`);
    words = to;
  };
  try {
    return await poll(
      () => client.get(`/api/v1/executions/${encodeURIComponent(id)}`, Execution, { signal }),
      {
        everyMs,
        signal,
        now,
        isFinal: ({ status }) => status === 'completed' || status === 'failed',
        onLook: (answer, failure) =>
          change(answer ? executionWords(answer) : `${failure?.message ?? 'No answer.'} Trying again …`),
      },
    );
  } finally {
    live.close();
  }
}

/** "monitoring: 3 running, 2 completed"; once it has ended, how. Pure. */
export function executionWords({ status, outcome, phase, progress }: Execution): string {
  const where = status === 'running' && phase ? phase : (outcome ?? status);
  const counts = progress
    ? Object.entries({ running: progress.running, completed: progress.completed, failed: progress.failed })
    : [];
  const words = counts.filter(([, n]) => n > 0).map(([state, n]) => `${n} ${state}`);
  return [printable(where), words.join(', ')].filter((part) => part !== '').join(': ');
}

/** An execution as people read it. Pure. */
export function executionView(execution: Execution, screen: Screen): string {
  const { progress, started_at: startedAt, completed_at: completedAt } = execution;
  const took = startedAt && completedAt ? span(Date.parse(completedAt) - Date.parse(startedAt)) : undefined;
  const id = printable(execution.execution_id);
  return renderFields(
    [
      ['Run', id],
      ['Status', coloured(execution.outcome ?? execution.status, screen.colours)],
      ['Clean-up', execution.cleanup_status ? coloured(execution.cleanup_status, screen.colours) : undefined],
      [
        'Agents',
        progress
          ? `${progress.completed} of ${progress.total} completed, ${progress.failed} failed`
          : undefined,
      ],
      [
        'Resources',
        execution.resources_created == null ? undefined : `${execution.resources_created} created`,
      ],
      ['Ended', completedAt ? `${instant(completedAt)}${took ? ` (took ${took})` : ''}` : undefined],
      ['Error', execution.error ? printable(execution.error) : undefined],
      ['Report', execution.report_url ? `haymaker runs report ${id}` : undefined],
    ],
    screen,
  );
}

/** Why an execution that has ended is no success; undefined when it is one. Clean means known to be clean. */
export function failureOf(execution: Execution): string | undefined {
  const { execution_id: id, status, cleanup_status: cleanup, error } = execution;
  if (status === 'failed') return `${id} failed${error ? `: ${printable(error)}` : '.'}`;
  if (cleanup == null || cleanup === 'verified' || cleanup === 'not_needed') return undefined;
  return `${id} completed, but its clean-up is ${printable(cleanup)}. See what is left: haymaker runs show ${id}`;
}
