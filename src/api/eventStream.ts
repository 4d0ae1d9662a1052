import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponseInit } from '@azure/functions';
import type { Position } from '../records/logLines.ts';
import type { LoggedEvent, LogPart } from '../records/logs.ts';

/** An answer is held back at most so long: far below the platform's 230 s, and below what proxies allow an idle request. */
const HOLD_MS = 25_000;
const LOOK_EVERY_MS = 1_000;
/** How soon a client comes back after an answer. */
const RETRY_MS = 500;

export interface Feed {
  /** Where to go on; undefined for the beginning, which is the end of the log. */
  readonly from: Position | undefined;
  read(from: Position | undefined): Promise<LogPart>;
  /** Nothing more will come. */
  hasEnded(): Promise<boolean>;
  wanted(event: LoggedEvent): boolean;
  frame(event: LoggedEvent): string;
}

/**
 * Server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html) without a body that stays open: what is
 * there is sent and the answer ends; when nothing is, it is held until something comes. The client reconnects by itself
 * with Last-Event-ID, so nothing is lost or repeated. A body that stays open would need app.setup({ enableHttpStream }),
 * for every route at once: its proxy drops the header Connection: close, without which the haymaker CLI 0.1.0 cannot
 * poll, and on the Consumption plan an open body is paid for by the second. When nothing more will come, the answer is
 * 204, which tells the client to stop.
 */
export async function eventStream(feed: Feed, holdMs = HOLD_MS): Promise<HttpResponseInit> {
  let from = feed.from;
  return heldStream(async () => {
    // Asked before reading: what came in between belongs to this answer.
    const ended = await feed.hasEnded();
    const part = await feed.read(from);
    const frames = part.events.filter(feed.wanted).map(feed.frame);
    if (frames.length > 0) return frames.join('');
    from = part.end;
    return ended ? 'ended' : undefined;
  }, holdMs);
}

/** The same for anything: `look` says what there is to send; undefined for nothing yet, `ended` for nothing ever more. */
export async function heldStream(
  look: () => Promise<string | 'ended' | undefined>,
  holdMs = HOLD_MS,
): Promise<HttpResponseInit> {
  const deadline = Date.now() + holdMs;
  for (;;) {
    const frames = await look();
    if (frames === 'ended') return { status: 204 };
    if (frames !== undefined) return sseAnswer(frames);
    if (Date.now() + LOOK_EVERY_MS > deadline) return sseAnswer(': nothing yet\n\n');
    await pause(LOOK_EVERY_MS);
  }
}

function sseAnswer(frames: string): HttpResponseInit {
  return {
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8' },
    body: `retry: ${RETRY_MS}\n\n${frames}`,
  };
}
