import { isAway } from './follow.ts';
import { LogEntry, Logs } from './http/answers.ts';
import type { Client } from './http/client.ts';
import { serverEvents } from './http/events.ts';
import { noAnswer } from './http/problems.ts';
import { pause } from './interruption.ts';
import type { Session } from './session.ts';

const POLL_MS = 2_000;
const RECONNECT_MS = 500;
/** Longer than the app holds an answer back until there is something to say. */
const ANSWER_MS = 60_000;
/** The most lines that one question may bring. */
const MOST_LINES = 1_000;
const NO_CONTENT = 204;

/** Where the following is: behind an event of the stream, else at a position in the log, else at a time. */
interface Position {
  readonly tail: number;
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
  readonly lastEventId?: string | undefined;
}

/** A step forward: a line that came, or how long to wait before asking again. */
type Step =
  | { readonly kind: 'line'; readonly entry: LogEntry; readonly next: Position }
  | { readonly kind: 'wait'; readonly ms: number; readonly next: Position }
  | { readonly kind: 'ended' };

/**
 * Prints the lines of an agent as they come, until the agent has ended or the signal aborts. Takes the app's stream of
 * events where it has one and asks every two seconds where it has not; when the connection breaks it goes on where it was.
 */
export async function followLogs(
  session: Session,
  path: string,
  from: Position,
  print: (entry: LogEntry) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = session.client({ quiet: true });
  let at = from;
  let wasAway = false;
  for (;;) {
    try {
      for await (const step of steps(client, path, at, signal)) {
        wasAway = false;
        if (step.kind === 'ended') return session.out.say('The agent has ended; nothing more will come.');
        if (step.kind === 'line') print(step.entry);
        else await pause(step.ms, signal);
        at = step.next;
      }
    } catch (error) {
      if (signal.aborted || !isAway(error)) throw error;
      if (!wasAway) session.out.say(`${error.message} Trying again …`);
      wasAway = true;
      await pause(RECONNECT_MS, signal);
    }
  }
}

/** One connection, or one question. Throws CommandFailure, also when the connection breaks in the middle. */
async function* steps(client: Client, path: string, at: Position, signal: AbortSignal): AsyncGenerator<Step> {
  const { tail, since, cursor, lastEventId } = at;
  const response = await client.open(path, {
    query: { tail, follow: true, cursor, since: cursor || lastEventId ? undefined : since },
    headers: {
      accept: 'text/event-stream, application/json;q=0.5',
      ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
    },
    signal,
    timeoutMs: ANSWER_MS,
  });
  if (response.status === NO_CONTENT) {
    yield { kind: 'ended' };
    return;
  }
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
    const answer = Logs.parse(await response.json());
    const next = {
      tail: MOST_LINES,
      since: answer.next_since ?? since,
      cursor: answer.next_cursor ?? undefined,
    };
    for (const entry of answer.logs) yield { kind: 'line', entry, next };
    yield { kind: 'wait', ms: POLL_MS, next };
    return;
  }
  let next = at;
  for await (const { id, data } of serverEvents(unbroken(response.body, client))) {
    const entry = LogEntry.safeParse(parseJson(data));
    if (!entry.success) continue;
    next = { tail, since: entry.data.timestamp, lastEventId: id ?? next.lastEventId };
    yield { kind: 'line', entry: entry.data, next };
  }
  yield { kind: 'wait', ms: RECONNECT_MS, next };
}

async function* unbroken(body: AsyncIterable<Uint8Array>, client: Client): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw noAnswer(error, client.connection);
  }
}

/** Events of later versions may hold something else than JSON; they are passed over. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
