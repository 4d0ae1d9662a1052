import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../local/stack/ports.ts';
import { createBlobs } from '../../src/azure/blobs.ts';
import { createStorage, odata, type Storage, tableKey } from '../../src/azure/storage.ts';
import { Rejected, Unavailable } from '../../src/domain/errors.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

let azurite: Azurite;
let storage: Storage;

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage({ connectionString: azurite.connectionString });
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

describe('lines', () => {
  test('come back in the order in which they were appended', async () => {
    await storage.appendLines('run-1/a.jsonl', ['{"n":1}', '{"n":2}']);
    await storage.appendLines('run-1/a.jsonl', ['{"n":3,"text":"grün"}']);
    expect(await storage.readLines('run-1/a.jsonl')).toEqual(['{"n":1}', '{"n":2}', '{"n":3,"text":"grün"}']);
  });

  test('of writers at the same time are all there', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => `${n}`);
    await Promise.all(numbers.map((n) => storage.appendLines('run-1/b.jsonl', [n])));
    expect((await storage.readLines('run-1/b.jsonl')).sort()).toEqual([...numbers].sort());
  });

  test('go on in a following blob when one is full, also for a writer that starts anew', async () => {
    const access = { connectionString: azurite.connectionString };
    const small = createBlobs(access, { maxPartBytes: 10 });
    await small.appendLines('run-2/a.jsonl', ['1234', '5678', '9012']);
    const again = createBlobs(access, { maxPartBytes: 10 });
    await again.appendLines('run-2/a.jsonl', ['3456']);
    expect(await storage.listBlobs('events', 'run-2/')).toEqual(['run-2/a.jsonl', 'run-2/a.jsonl.1']);
    expect(await again.readLines('run-2/a.jsonl')).toEqual(['1234', '5678', '9012', '3456']);
  });

  test('of a blob that nobody wrote are none', async () => {
    expect(await storage.readLines('run-0/none.jsonl')).toEqual([]);
  });

  test('with a newline are refused', async () => {
    await expect(storage.appendLines('run-1/c.jsonl', ['a\nb'])).rejects.toThrow(Rejected);
  });
});

describe('blobs', () => {
  test('are written over and read back', async () => {
    await storage.writeBlob('reports', 'run-1/report.json', '{}', 'application/json');
    await storage.writeBlob('reports', 'run-1/report.json', '{"ok":"ü"}', 'application/json');
    expect(await storage.readBlob('reports', 'run-1/report.json')).toBe('{"ok":"ü"}');
    expect(await storage.listBlobs('reports', 'run-')).toEqual(['run-1/report.json']);
  });

  test('that do not exist are undefined, and a container that does not exist is empty', async () => {
    expect(await storage.readBlob('reports', 'nothing')).toBeUndefined();
    expect(await storage.listBlobs('no-such-container', '')).toEqual([]);
  });
});

describe('rows', () => {
  test('merge by default and can be replaced', async () => {
    const keys = { partitionKey: 'run-1', rowKey: 'a' };
    await storage.upsert('Agents', { ...keys, state: 'running', operations: 1, done: false });
    await storage.upsert('Agents', { ...keys, operations: 2, error: undefined });
    expect(await storage.get('Agents', 'run-1', 'a')).toEqual({
      ...keys,
      state: 'running',
      operations: 2,
      done: false,
    });
    await storage.upsert('Agents', { ...keys, state: 'completed' }, 'replace');
    expect(await storage.get('Agents', 'run-1', 'a')).toEqual({ ...keys, state: 'completed' });
  });

  test('are inserted once only', async () => {
    const row = { partitionKey: 'run-1', rowKey: 'once', at: 'first' };
    expect(await storage.insertOnce('Ledger', row)).toBe(true);
    expect(await storage.insertOnce('Ledger', { ...row, at: 'second' })).toBe(false);
    expect((await storage.get('Ledger', 'run-1', 'once'))?.at).toBe('first');
  });

  test('are found by a filter, over several pages', async () => {
    const rows = Array.from({ length: 1_050 }, (_, n) => `r${n}`);
    for (let from = 0; from < rows.length; from += 50) {
      const batch = rows.slice(from, from + 50);
      await Promise.all(batch.map((rowKey) => storage.upsert('Many', { partitionKey: "o'hara", rowKey })));
    }
    await storage.upsert('Many', { partitionKey: 'other', rowKey: 'x' });
    const found: string[] = [];
    for await (const { rowKey } of storage.query('Many', odata`PartitionKey eq ${"o'hara"}`))
      found.push(rowKey);
    expect(found.sort()).toEqual([...rows].sort());
  });

  test('may have an ARM id as key', async () => {
    const rowKey = tableKey('/subscriptions/s/resourceGroups/g#1?!%');
    await storage.upsert('Ledger', { partitionKey: 'run-1', rowKey, kind: 'resource-group' });
    expect((await storage.get('Ledger', 'run-1', rowKey))?.kind).toBe('resource-group');
  });

  test('can be removed twice, and are then undefined', async () => {
    await storage.upsert('Runs', { partitionKey: 'p', rowKey: 'r' });
    await storage.remove('Runs', 'p', 'r');
    await storage.remove('Runs', 'p', 'r');
    expect(await storage.get('Runs', 'p', 'r')).toBeUndefined();
  });
});

test('the check leaves nothing behind', async () => {
  await storage.check();
  expect(await storage.listBlobs('checks', '')).toEqual([]);
  const rows: unknown[] = [];
  for await (const row of storage.query('Checks', odata`PartitionKey eq ${'check'}`)) rows.push(row);
  expect(rows).toEqual([]);
});

test('an account that does not answer is Unavailable', async () => {
  const port = await freePort();
  const dead = azurite.connectionString.replace(/127\.0\.0\.1:\d+/g, `127.0.0.1:${port}`);
  await expect(createStorage({ connectionString: dead }).check()).rejects.toThrow(Unavailable);
});
