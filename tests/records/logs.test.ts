import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBlobs } from '../../src/azure/blobs.ts';
import { createStorage, type Storage } from '../../src/azure/storage.ts';
import { linesBetween } from '../../src/records/logLines.ts';
import { logRecords } from '../../src/records/logs.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

let azurite: Azurite;
let storage: Storage;

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage({ connectionString: azurite.connectionString });
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

const line = (n: number, message = `message ${n}`) =>
  JSON.stringify({
    event_type: 'operation',
    event_id: `e${n}`,
    timestamp: new Date(Date.UTC(2026, 10, 21) + n * 1_000).toISOString(),
    run_id: 'run',
    agent_id: 'agent',
    scenario: 'compute-01',
    severity: 'info',
    message,
  });
const ids = ({ events }: { events: readonly { event: { event_id: string } }[] }) =>
  events.map(({ event }) => event.event_id);

describe('a log', () => {
  test('is read from its end, over more than one blob, and on from there', async () => {
    const small = createBlobs({ connectionString: azurite.connectionString }, { maxPartBytes: 1_000 });
    await small.appendLines(
      'run/parts.jsonl',
      Array.from({ length: 20 }, (_, n) => line(n)),
    );
    expect(await storage.partSizes('run/parts.jsonl')).not.toHaveLength(1);
    const logs = logRecords(storage);
    const tail = await logs.tail('run', 'parts', 7);
    expect(ids(tail)).toEqual(['e13', 'e14', 'e15', 'e16', 'e17', 'e18', 'e19']);
    expect(ids(await logs.after('run', 'parts', tail.end, 10))).toEqual([]);

    await small.appendLines('run/parts.jsonl', [line(20), line(21)]);
    expect(ids(await logs.after('run', 'parts', tail.end, 10))).toEqual(['e20', 'e21']);
  });

  test('read in pieces from its beginning is whole', async () => {
    const logs = logRecords(storage);
    const seen: string[] = [];
    let end = { part: 0, offset: 0 };
    for (;;) {
      const piece = await logs.after('run', 'parts', end, 3);
      if (piece.events.length === 0) break;
      seen.push(...ids(piece));
      end = piece.end;
    }
    expect(seen).toEqual(Array.from({ length: 22 }, (_, n) => `e${n}`));
  });

  test('with a line longer than what is read at once comes back whole', async () => {
    const long = 'ü'.repeat(8_000);
    await storage.appendLines(
      'run/long.jsonl',
      Array.from({ length: 40 }, (_, n) => line(n, long)),
    );
    const logs = logRecords(storage);
    expect(ids(await logs.tail('run', 'long', 40))).toHaveLength(40);
    expect(ids(await logs.after('run', 'long', { part: 0, offset: 0 }, 40))).toHaveLength(40);
  });

  test('has an event that was delivered twice only once', async () => {
    await storage.appendLines('run/twice.jsonl', [line(1), line(2), line(1)]);
    expect(ids(await logRecords(storage).tail('run', 'twice', 10))).toEqual(['e1', 'e2']);
  });

  test('that nobody wrote is empty, and goes on at its beginning', async () => {
    expect(await logRecords(storage).tail('run', 'nobody', 10)).toEqual({
      events: [],
      end: { part: 0, offset: 0 },
    });
  });
});

test('lines of any text are found with the positions after them', () => {
  const texts = fc.array(
    fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n')),
  );
  fc.assert(
    fc.property(texts, fc.nat({ max: 10_000 }), (lines, offset) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const found = linesBetween(Buffer.concat([bytes, Buffer.from('unfinished')]), { part: 3, offset });
      expect(found.map(({ text }) => text)).toEqual(lines);
      expect(found.at(-1)?.end ?? { part: 3, offset }).toEqual({ part: 3, offset: offset + bytes.length });
    }),
  );
});
