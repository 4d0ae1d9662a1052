import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTables, type TableEntity, type Tables } from '../../src/azure/tables.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

const SEEK = fileURLToPath(new URL('../../local/azurite/seek.cjs', import.meta.url));
const KEYS = ['a', 'b|1', 'b|2', "o'b", 'z~', 'é', 'A'];

let storages: Azurite[];
let tables: Tables[];
beforeAll(async () => {
  storages = await Promise.all([startAzurite(), startAzurite(['--require', SEEK])]);
  tables = storages.map(({ connectionString }) => createTables({ connectionString }));
  const rows = ['p', 'q'].flatMap((partitionKey) =>
    KEYS.map((rowKey, n): TableEntity => ({ partitionKey, rowKey, n, even: String(n % 2 === 0) })),
  );
  const numbers = ['2', '10', '1e3', 'x'].map((rowKey): TableEntity => ({ partitionKey: 'p', rowKey, n: 0 }));
  for (const each of tables) {
    await each.upsertAll('Words', rows);
    await each.remove('Words', 'q', 'A');
    await each.upsertAll('Numbers', numbers);
  }
}, 60_000);
afterAll(async () => {
  for (const storage of storages ?? []) await storage[Symbol.asyncDispose]();
});

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const bound = fc
  .tuple(fc.constantFrom('gt', 'ge', 'lt', 'le'), fc.constantFrom(...KEYS, 'b', '0'))
  .map(([operator, key]) => `RowKey ${operator} ${quoted(key)}`);
const condition = fc.oneof(bound, fc.constantFrom("even eq 'true'", 'n gt 2', "(n eq 1 or RowKey eq 'a')"));
const filter = fc
  .tuple(
    fc.constantFrom('p', 'q', 'nobody'),
    fc.array(bound, { maxLength: 2 }),
    fc.array(condition, { maxLength: 2 }),
  )
  .map(([partition, bounds, others]) =>
    [`PartitionKey eq '${partition}'`, ...bounds, ...others].join(' and '),
  );

test('Azurite that seeks answers as Azurite does, page by page', async () => {
  const ask = async (each: Tables, table: string, query: string, pageSize: number) => {
    const keys: string[] = [];
    for await (const row of each.query(table, query, { pageSize }))
      keys.push(`${row.partitionKey}/${row.rowKey}`);
    return keys;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('Words', 'Numbers'),
      fc.oneof(filter, fc.constant("RowKey ge 'a'")),
      fc.integer({ min: 1, max: 5 }),
      async (table, query, pageSize) => {
        const [plain, seeking] = await Promise.all(tables.map((each) => ask(each, table, query, pageSize)));
        expect(seeking).toEqual(plain);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
