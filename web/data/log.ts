import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { LogLine, LogsAnswer } from '../../src/api/schemas/agents.ts';
import { cleaned } from '../../src/view/clean.ts';
import { ApiFailure, get } from './api.ts';
import { pause } from './live.ts';
import { readStream } from './stream.ts';

/** More lines than this are not kept: the oldest go. */
export const MOST_LINES = 10_000;
const POLL_MS = 3_000;
const RETRY_MS = 3_000;
/** Lines come in bursts: they are shown together. */
const SHOW_EVERY_MS = 200;

export interface AgentLog {
  readonly lines: readonly LogLine[];
  readonly state: 'loading' | 'following' | 'ended' | 'lost';
  readonly failure: ApiFailure | undefined;
}

/** The log of an agent, from its last 10,000 lines on, and what comes after them. */
export function useLog(agentId: string): AgentLog {
  const [log, setLog] = useState<AgentLog>({ lines: [], state: 'loading', failure: undefined });
  const waiting = useRef<LogLine[]>([]);
  const show = useCallback(() => {
    if (waiting.current.length === 0) return;
    const lines = waiting.current;
    waiting.current = [];
    setLog((before) => ({ ...before, lines: [...before.lines, ...lines].slice(-MOST_LINES) }));
  }, []);
  useEffect(() => {
    setLog({ lines: [], state: 'loading', failure: undefined });
    waiting.current = [];
    const stop = new AbortController();
    const timer = setInterval(show, SHOW_EVERY_MS);
    const add = (lines: readonly LogLine[]) => waiting.current.push(...lines);
    void follow(agentId, stop.signal, add, (change) => setLog((before) => ({ ...before, ...change })));
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [agentId, show]);
  return log;
}

async function follow(
  agentId: string,
  signal: AbortSignal,
  add: (lines: readonly LogLine[]) => void,
  tell: (change: Partial<AgentLog>) => void,
): Promise<void> {
  const path = `/api/v1/agents/${encodeURIComponent(agentId)}/logs?tail=${MOST_LINES}`;
  let cursor: string | undefined;
  let streams = true;
  while (!signal.aborted) {
    try {
      if (cursor === undefined || !streams) {
        const at: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer: LogsAnswer = await get<LogsAnswer>(`${path}${at}`, signal);
        add(answer.logs);
        cursor = answer.next_cursor;
        tell({ state: 'following', failure: undefined });
        if (!streams) await pause(POLL_MS, signal);
        continue;
      }
      const onEvent = ({ id, data }: { id: string; data: string }) => {
        cursor = id;
        add([cleaned(JSON.parse(data) as LogLine)]);
      };
      const answer = await readStream(`${path}&follow=true`, cursor, onEvent, signal);
      if (answer.ended) return tell({ state: 'ended', failure: undefined });
      tell({ state: 'following', failure: undefined });
      if (!answer.streams) streams = false;
    } catch (error) {
      if (signal.aborted) return;
      const failure =
        error instanceof ApiFailure ? error : new ApiFailure(0, 'UNREACHABLE', 'The connection broke.');
      tell({ state: 'lost', failure });
      // What is not there will not come; everything else is tried again.
      if (failure.status === 404 || failure.isSignIn) return;
      await pause(RETRY_MS, signal);
    }
  }
}
