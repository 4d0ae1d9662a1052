import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ServerEvent, serverEvents } from '../../cli/http/events.ts';
import { errorBody } from '../../cli/http/problems.ts';
import { nextWaitMs, retryAfterMs } from '../../cli/http/retry.ts';

describe('what is tried again', () => {
  it.each([
    [1, { status: undefined }, 500],
    [2, { status: undefined }, 1_000],
    [1, { status: 503 }, 500],
    [1, { status: 503, retryAfterMs: 3_000 }, 3_000],
    [1, { status: 429, retryAfterMs: 60_000 }, 60_000],
    [1, { status: 429, retryAfterMs: 61_000 }, undefined],
    [4, { status: 503 }, undefined],
    [1, { status: 500 }, undefined],
    [1, { status: 404 }, undefined],
    [1, { status: 200 }, undefined],
  ])('attempt %i with %j: in %s ms', (attempt, result, wait) => {
    expect(nextWaitMs(attempt, result)).toBe(wait);
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.parse('2026-11-21T06:00:00Z');
    expect(retryAfterMs('7', now)).toBe(7_000);
    expect(retryAfterMs('Sat, 21 Nov 2026 06:00:09 GMT', now)).toBe(9_000);
    expect(retryAfterMs('Sat, 21 Nov 2026 05:00:00 GMT', now)).toBe(0);
    expect([retryAfterMs(null, now), retryAfterMs('', now), retryAfterMs('soon', now)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the body of an error', () => {
  it('is the app’s or none', () => {
    expect(
      errorBody('{"error":{"code":"RUN_NOT_FOUND","message":"There is no run x.","details":{}}}'),
    ).toEqual({
      code: 'RUN_NOT_FOUND',
      message: 'There is no run x.',
    });
    for (const foreign of [
      '',
      '<html>',
      '{}',
      '[]',
      'null',
      '7',
      '{"error":"text"}',
      '{"error":{"code":1}}',
    ]) {
      expect(errorBody(foreign)).toBeUndefined();
    }
  });
});

const STREAM =
  ': hello\n\nid: 1\ndata: {"a":1}\n\nevent: end\r\ndata: one\r\ndata: zwei ü 日\r\n\r\nretry: 100\n\nid:3\ndata:x\n\ndata: cut off';
const EVENTS: ServerEvent[] = [
  { id: '1', event: 'message', data: '{"a":1}' },
  { event: 'end', data: 'one\nzwei ü 日' },
  { id: '3', event: 'message', data: 'x' },
];

describe('a stream of events', () => {
  it('is the same however it is cut into chunks', async () => {
    const bytes = new TextEncoder().encode(STREAM);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        async function* chunks() {
          for (let i = 1; i < edges.length; i += 1) yield bytes.slice(edges[i - 1], edges[i]);
        }
        const events: ServerEvent[] = [];
        for await (const event of serverEvents(chunks())) events.push(event);
        expect(events).toEqual(EVENTS);
      }),
    );
  });
});
