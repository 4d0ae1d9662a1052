import { useEffect, useState } from 'preact/hooks';
import type { LiveAnswer } from '../../src/api/schemas/status.ts';
import { cleaned } from '../../src/view/clean.ts';
import { ApiFailure, get } from './api.ts';
import { readStream } from './stream.ts';

const PATH = '/api/v1/live';
const POLL_MS = 5_000;
const BETWEEN_ANSWERS_MS = 250;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;
/** A stream that breaks so often in a row is not tried again for this many polls. */
const BROKEN_STREAMS = 2;
const POLLS_BEFORE_STREAM = 12;

export type Connection = 'connecting' | 'live' | 'polling' | 'lost';

export interface Live {
  readonly answer: LiveAnswer | undefined;
  readonly connection: Connection;
  /** Why, when the connection is lost or the server refuses. */
  readonly failure: ApiFailure | undefined;
  /** When the last answer came, ms since the epoch. */
  readonly heardAt: number | undefined;
}

/** The present, kept up to date for as long as somebody looks: by events, by asking when these do not come through. */
export function useLive(enabled: boolean): Live {
  const [live, setLive] = useState<Live>({
    answer: undefined,
    connection: 'connecting',
    failure: undefined,
    heardAt: undefined,
  });
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    void follow(stop.signal, (change) => setLive((before) => ({ ...before, ...change })));
    return () => stop.abort();
  }, [enabled]);
  return live;
}

async function follow(signal: AbortSignal, tell: (change: Partial<Live>) => void): Promise<void> {
  let lastId: string | undefined;
  let failures = 0;
  let polls = 0;
  const heard = (connection: Connection, answer?: LiveAnswer) => {
    failures = 0;
    tell({ connection, failure: undefined, heardAt: Date.now(), ...(answer ? { answer } : {}) });
  };
  while (!signal.aborted) {
    await untilVisible(signal);
    try {
      if (polls > 0) {
        heard('polling', await get<LiveAnswer>(PATH, signal));
        polls -= 1;
        await pause(POLL_MS, signal);
        continue;
      }
      const { streams } = await readStream(
        PATH,
        lastId,
        ({ id, data }) => {
          lastId = id;
          heard('live', cleaned(JSON.parse(data) as LiveAnswer));
        },
        signal,
      );
      if (streams) heard('live');
      else polls = POLLS_BEFORE_STREAM;
      await pause(BETWEEN_ANSWERS_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure =
        error instanceof ApiFailure ? error : new ApiFailure(0, 'UNREACHABLE', 'The connection broke.');
      if (failure.isSignIn) return tell({ connection: 'lost', failure });
      failures += 1;
      tell({ connection: 'lost', failure });
      // A server that is back knows nothing of what this page has seen: take its state whole.
      lastId = undefined;
      if (failures >= BROKEN_STREAMS) polls = POLLS_BEFORE_STREAM;
      await pause(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), signal);
      if (failures >= BROKEN_STREAMS && (await answers(signal))) polls = 0;
    }
  }
}

/** Whether the server answers at all: then streams are tried at once again. */
async function answers(signal: AbortSignal): Promise<boolean> {
  try {
    await get(PATH, signal);
    return true;
  } catch {
    return false;
  }
}

/** Nobody looks at a hidden page: it asks for nothing. */
function untilVisible(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === 'visible') return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState !== 'visible' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
