import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/domain/report.ts';
import { buildReport } from '../../src/report/build.ts';
import { canonicalJson } from '../../src/report/proof/canonical.ts';
import { checkProof } from '../../src/report/proof/check.ts';
import { proofOf } from '../../src/report/proof/evidence.ts';
import { cleanupRound, runInput } from './runs.ts';

const plain = buildReport(runInput({ ends: ['completed', 'failed'], workSeconds: 60 }));

/** A report as somebody else reads it: written with its proof, and read back. */
async function proven(
  report: Report,
  previous: { runId: string; digest: string } | null = null,
): Promise<Report> {
  return JSON.parse(JSON.stringify({ ...report, proof: await proofOf(report, previous) }));
}

describe('canonical JSON', () => {
  test.each<[string, unknown, string]>([
    ['members are sorted', { b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [
      'by UTF-16 code units',
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5 },
      '{"\\r":2,"1":4,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
    ['at every depth', { z: { y: 1, x: [{ d: 1, c: 2 }] } }, '{"z":{"x":[{"c":2,"d":1}],"y":1}}'],
    [
      'numbers as ECMAScript writes them',
      [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    ],
    ['text as ECMAScript writes it', '\u20ac$\u000f\nA\'B"\\/', '"\u20ac$\\u000f\\nA\'B\\"\\\\/"'],
    ['a cut-off surrogate as its escape', 'x\ud83d', '"x\\ud83d"'],
    ['what is undefined is left out', { a: undefined, b: 1 }, '{"b":1}'],
  ])('%s', (_rule, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([[Number.NaN], [() => 1], [10n]])('refuses what JSON cannot hold', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('the proof of a report', () => {
  test('holds for what was written, whatever the order of its members', async () => {
    const report = await proven(plain);
    const { proof, ...rest } = report;
    const reordered = JSON.parse(
      `{"proof":${JSON.stringify(proof)},${JSON.stringify(Object.fromEntries(Object.entries(rest).reverse())).slice(1)}`,
    );
    for (const same of [report, reordered]) {
      const check = await checkProof(same);
      expect(check.findings.filter(({ ok }) => !ok)).toEqual([]);
      expect(check).toMatchObject({ verdict: 'holds', digest: proof?.digest });
    }
    expect(proof?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, (report: Report) => unknown]>([
    ['another run', (r) => ({ ...r, runId: 'run-20261121T0600Z' })],
    ['a better status', (r) => ({ ...r, status: 'completed' })],
    ['another time', (r) => ({ ...r, completedAt: r.startedAt })],
    [
      'a resource that is gone from the list',
      (r) => ({ ...r, resources: { ...r.resources, list: r.resources.list.slice(1) } }),
    ],
    ['a round that is gone', (r) => ({ ...r, cleanup: { ...r.cleanup, rounds: r.cleanup.rounds.slice(1) } })],
    [
      'a figure of one source in one round',
      (r) => {
        const [first, ...more] = r.cleanup.rounds;
        const evidence = first?.evidence.map((item, index) => (index === 0 ? { ...item, found: 7 } : item));
        return { ...r, cleanup: { ...r.cleanup, rounds: [{ ...first, evidence }, ...more] } };
      },
    ],
    ['another previous run', (r) => ({ ...r, proof: { ...r.proof, previous: { runId: 'x', digest: '0' } } })],
    ['another digest', (r) => ({ ...r, proof: { ...r.proof, digest: '0'.repeat(64) } })],
  ])('does not hold for a report with %s', async (_what, tamper) => {
    const check = await checkProof(tamper(await proven(plain)) as Report);
    expect(check.verdict).toBe('broken');
    expect(check.findings[0]?.text).toContain('was changed after it was written');
  });

  test('does not hold for evidence that is genuine, but shows no clean tenant', async () => {
    const input = runInput({ ends: ['completed'], workSeconds: 60 });
    const silent = buildReport({ ...input, rounds: [cleanupRound(1, 80, { silent: 'key-vault' })] });
    expect(await checkProof(await proven(silent))).toMatchObject({
      verdict: 'broken',
      findings: [
        { ok: true },
        { ok: false, text: expect.stringContaining('its clean-up is unknown') },
        { ok: true },
      ],
    });
    const claims = { ...silent, cleanup: { ...silent.cleanup, status: 'verified' as const } };
    const check = await checkProof(await proven(claims));
    expect(check.findings[1]).toMatchObject({
      ok: false,
      text: expect.stringContaining('its rounds do not show'),
    });
  });

  test('cannot be checked when there is none, or one of another kind', async () => {
    expect((await checkProof(plain)).verdict).toBe('uncheckable');
    const report = await proven(plain);
    const other = { ...report, proof: { ...report.proof, algorithm: 'md5' } } as unknown as Report;
    expect((await checkProof(other)).verdict).toBe('uncheckable');
  });
});

describe('the chain', () => {
  test('holds from a report to the one before it', async () => {
    const first = await proven({ ...plain, runId: 'first' });
    const link = { runId: 'first', digest: first.proof?.digest ?? '' };
    const second = await proven({ ...plain, runId: 'second' }, link);
    expect((await checkProof(second, first)).verdict).toBe('holds');
    expect((await checkProof(second)).findings[2]?.text).toContain('was not given, so this was not checked');

    const forged = await proven({ ...first, status: 'completed' });
    expect((await checkProof(forged)).verdict).toBe('holds');
    const check = await checkProof(second, forged);
    expect(check).toMatchObject({ verdict: 'broken' });
    expect(check.findings[2]?.text).toContain('that report is not as it was');
  });

  test('has a beginning, and only one report follows another', async () => {
    const first = await proven({ ...plain, runId: 'first' });
    const second = await proven(
      { ...plain, runId: 'second' },
      { runId: 'first', digest: first.proof?.digest ?? '' },
    );
    expect((await checkProof(first, second)).findings[2]).toMatchObject({ ok: false });
    expect(
      (await checkProof(second, await proven({ ...plain, runId: 'third' }))).findings[2]?.text,
    ).toContain('the report given is of third');
  });
});
