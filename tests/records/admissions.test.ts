import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorage } from '../../src/azure/storage.ts';
import { admissionRecords } from '../../src/records/admissions.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);
afterAll(() => azurite?.[Symbol.asyncDispose]());

test('ancestor 46: of those who decide on the same version of the book only one is believed', async () => {
  const book = admissionRecords(createStorage({ connectionString: azurite.connectionString }));
  const admission = (runId: string) => ({ runId, at: '2026-11-21T06:00:00Z' });
  const before = await book.read();
  expect(before).toEqual({ admissions: [], etag: undefined });
  const firsts = await Promise.all(
    ['a', 'b', 'c'].map((id) => book.write({ ...before, admissions: [admission(id)] })),
  );
  expect(firsts.filter(Boolean)).toHaveLength(1);

  const seen = await book.read();
  expect(await book.write({ ...seen, admissions: [...seen.admissions, admission('d')] })).toBe(true);
  expect(await book.write({ ...seen, admissions: [...seen.admissions, admission('e')] })).toBe(false);
  expect((await book.read()).admissions.map(({ runId }) => runId)).toContain('d');
});
