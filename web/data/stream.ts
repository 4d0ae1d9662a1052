import { ask } from './api.ts';

/** An event of a stream, as html.spec.whatwg.org says. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/** Longer than the server holds an answer back. */
const PATIENCE_MS = 45_000;

/** What one answer of a stream was. */
export interface StreamAnswer {
  /** False when something on the way, or an older app, answered otherwise: then ask without streams. */
  readonly streams: boolean;
  /** Nothing more will come. */
  readonly ended: boolean;
}

/**
 * Reads one answer of server-sent events: EventSource cannot send a key, fetch can. Events are handed over as they arrive.
 * The server ends each answer; asking again with the last id misses nothing.
 */
export async function readStream(
  path: string,
  lastId: string | undefined,
  onEvent: (event: StreamEvent) => void,
  signal: AbortSignal,
): Promise<StreamAnswer> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  };
  const response = await ask(path, { headers, signal, patienceMs: PATIENCE_MS });
  if (response.status === 204) return { streams: true, ended: true };
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream') || !response.body) return { streams: false, ended: false };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { streams: true, ended: false };
    const frames = (rest + value).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const event = parseFrame(frame);
      if (event) onEvent(event);
    }
  }
}

/** One frame of our own server, whose lines end in \n; undefined for a comment or a frame without data. */
export function parseFrame(frame: string): StreamEvent | undefined {
  const values = (name: string) =>
    frame
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  const data = values('data');
  return data.length === 0 ? undefined : { id: values('id').at(-1) ?? '', data: data.join('\n') };
}
