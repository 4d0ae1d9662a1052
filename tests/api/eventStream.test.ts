import { describe, expect, test } from 'vitest';
import { heldStream } from '../../src/api/eventStream.ts';

/** One look after the other says what is in `says`; the last one again and again. */
function looks(...says: readonly (string | 'ended' | undefined)[]) {
  let turn = 0;
  return async () => says[Math.min(turn++, says.length - 1)];
}

describe('an answer that is held', () => {
  test('is sent at once when there is something, with how soon to come back', async () => {
    const answer = await heldStream(looks('id: 1\ndata: x\n\n'), 0);
    expect(answer).toMatchObject({ headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
    expect(answer.body).toMatch(/^retry: \d+\n\nid: 1\ndata: x\n\n$/);
  });

  test('waits for what comes', async () => {
    expect((await heldStream(looks(undefined, 'data: late\n\n'), 60_000)).body).toContain('data: late');
  });

  test('ends with a comment when nothing came, and with 204 when nothing will', async () => {
    expect((await heldStream(looks(undefined), 0)).body).toContain(': nothing yet');
    expect(await heldStream(looks(undefined, 'ended'), 60_000)).toEqual({ status: 204 });
  });
});
