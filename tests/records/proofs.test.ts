import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkedReport, saveProvenReport } from '../../src/activities/saveProvenReport.ts';
import { createStorage } from '../../src/azure/storage.ts';
import { createRecords, type Records } from '../../src/records/records.ts';
import { buildReport } from '../../src/report/build.ts';
import { checkProof } from '../../src/report/proof/check.ts';
import { cleanupRound, runInput } from '../report/runs.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

const plain = buildReport(runInput({ ends: ['completed'], workSeconds: 60 }));
const dirty = buildReport({
  ...runInput({ ends: ['completed'], workSeconds: 60 }),
  rounds: [cleanupRound(1, 80, { silent: 'key-vault' })],
});

let azurite: Azurite;
let records: Records;
beforeAll(async () => {
  azurite = await startAzurite();
  records = createRecords(createStorage({ connectionString: azurite.connectionString }));
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

describe('the chain of proofs', () => {
  test('is one chain, also of runs that end in the same moment', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(ids.map((runId) => saveProvenReport({ ...plain, runId }, records)));

    const visited: string[] = [];
    let at = await records.documents.report((await records.proofs.newest())?.runId ?? '');
    while (at) {
      visited.push(at.runId);
      const previous = at.proof?.previous;
      const before = previous ? await records.documents.report(previous.runId) : undefined;
      expect((await checkProof(at, before)).verdict).toBe('holds');
      at = before;
    }
    expect(visited.sort()).toEqual(ids);
  });

  test('is not joined by a run that is not proven clean; its report says what was before it', async () => {
    const newest = await records.proofs.newest();
    const report = await saveProvenReport({ ...dirty, runId: 'dirty' }, records);
    expect(report.proof?.previous).toEqual({ runId: newest?.runId, digest: newest?.digest });
    expect(await records.proofs.newest()).toEqual(newest);
    expect(await linkedReport('dirty', dirty.completedAt, records)).toBeUndefined();
  });

  test('a report that has joined it is final for the call that wrote it, and not for a later one', async () => {
    const report = await saveProvenReport({ ...plain, runId: 'repeated' }, records);
    expect((await linkedReport('repeated', plain.completedAt, records))?.proof).toEqual(report.proof);
    expect(await linkedReport('repeated', '2026-12-01T00:00:00.000Z', records)).toBeUndefined();
  });
});
