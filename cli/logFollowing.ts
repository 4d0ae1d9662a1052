import { isAway } from './follow.ts';
import { LogEntry, Logs } from './http/answers.ts';
import type { Client } from './http/client.ts';
import { serverEvents } from './http/events.ts';
import { pause } from './interruption.ts';
import type { Session } from './session.ts';

const POLL_MS = 2_000;
const RECONNECT_MS = 1_000;

/** The most lines that one question may bring. */
const MOST_LINES = 1_000;

/** Where the following is: an event of a stream, else a position in the log, else a time. */
interface Position {
  readonly tail: number;
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
  readonly lastEventId?: string | undefined;
}

type Print = (entry: LogEntry) => void;

/**
 * Prints the lines of an agent as they come, until the signal aborts. Takes the app's stream of events where it has one,
 * and asks every two seconds where it has not; goes on where it was when the connection breaks.
 */
export async function followLogs(
  session: Session,
  path: string,
  from: Position,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const client = session.client({ quiet: true });
  let at = from;
  let isAwayNow = false;
  for (;;) {
    try {
      const next = await followOnce(client, path, at, print, signal, (moved) => {
        at = moved;
      });
      at = next.position;
      isAwayNow = false;
      await pause(next.waitMs, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // A stream that breaks in the middle throws what fetch throws; only a refusal ends the following.
      const broken = error instanceof TypeError || (error instanceof Error && error.name === 'AbortError');
      if (!broken && !isAway(error)) throw error;
      if (!isAwayNow)
        session.out.say(`${isAway(error) ? error.message : 'The connection broke.'} Trying again …`);
      isAwayNow = true;
      await pause(RECONNECT_MS, signal);
    }
  }
}

/** One connection, or one question. `onMove` is called after every line, so that a broken connection repeats none. */
async function followOnce(
  client: Client,
  path: string,
  at: Position,
  print: Print,
  signal: AbortSignal,
  onMove: (position: Position) => void,
): Promise<{ position: Position; waitMs: number }> {
  const response = await client.open(path, {
    query: { tail: at.tail, since: at.cursor ? undefined : at.since, cursor: at.cursor, follow: true },
    headers: {
      accept: 'text/event-stream, application/json;q=0.5',
      ...(at.lastEventId ? { 'last-event-id': at.lastEventId } : {}),
    },
    signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    const { logs, next_since: next, next_cursor: cursor } = Logs.parse(await response.json());
    for (const entry of logs) print(entry);
    const position = { tail: MOST_LINES, since: next ?? at.since, cursor: cursor ?? undefined };
    return { position, waitMs: POLL_MS };
  }
  let position = at;
  for await (const { id, event, data } of serverEvents(response.body)) {
    if (event !== 'message' && event !== 'log') continue;
    const entry = LogEntry.safeParse(parseJson(data));
    if (!entry.success) continue;
    print(entry.data);
    position = { ...position, since: entry.data.timestamp, lastEventId: id ?? position.lastEventId };
    onMove(position);
  }
  return { position, waitMs: RECONNECT_MS };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
