import type { z } from 'zod';
import { LogsAnswer } from '../../src/api/schemas/agents.ts';
import { RunDetail } from '../../src/api/schemas/runs.ts';
import type { Display } from '../../terminal/display.ts';
import { createWatcher, type RunSource } from '../../terminal/watcher.ts';
import { CommandError } from '../stack/command.ts';

const REQUEST_MS = 10_000;
const MOST_LINES = 1_000;

/** Returns a function that takes a look at a run through the app's API and shows it on `display`. */
export function createViewer(
  display: Display,
  at: { readonly hostUrl: string; readonly runId: string },
): () => Promise<void> {
  const watcher = createWatcher(apiSource(at.hostUrl, at.runId), at.runId);
  display.show(watcher.view);
  return async () => display.show(await watcher.look());
}

function apiSource(hostUrl: string, runId: string): RunSource {
  return {
    run: () => get(`${hostUrl}/api/v1/runs/${runId}`, RunDetail),
    log: async (agentId, cursor) => {
      const query = new URLSearchParams({ tail: String(MOST_LINES), ...(cursor ? { cursor } : {}) });
      const part = await get(`${hostUrl}/api/v1/agents/${agentId}/logs?${query}`, LogsAnswer);
      return part ? { lines: part.logs, next: part.next_cursor } : { lines: [] };
    },
  };
}

/** The answer; undefined for 404. Throws CommandError for any other refusal. */
async function get<T>(url: string, answer: z.ZodType<T>): Promise<T | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new CommandError(`${url} answered ${response.status}: ${await response.text()}`);
  return answer.parse(await response.json());
}
