import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../local/stack/paths.ts';
import type { Report } from '../../src/domain/report.ts';
import { buildReport } from '../../src/report/build.ts';
import { proofOf } from '../../src/report/proof/evidence.ts';
import { runInput } from '../report/runs.ts';

const plain = buildReport(runInput({ ends: ['completed'], workSeconds: 60 }));
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'verify-proof-'));
  const first: Report = {
    ...plain,
    runId: 'first',
    proof: await proofOf({ ...plain, runId: 'first' }, null),
  };
  const link = { runId: 'first', digest: first.proof?.digest ?? '' };
  const second = { ...plain, proof: await proofOf(plain, link) };
  const files = {
    first,
    second,
    tampered: { ...second, status: 'completed_with_failures' },
    without: plain,
    other: { hello: 'world' },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(content));
  }
  writeFileSync(path.join(folder, 'text.json'), 'not JSON');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function verifyProof(...args: string[]) {
  const script = path.join(REPOSITORY, 'local', 'verifyProof.ts');
  const result = spawnSync(process.execPath, [script, ...args], {
    env: { ...process.env, INIT_CWD: folder },
    encoding: 'utf8',
  });
  return { code: result.status, said: result.stdout + result.stderr, out: result.stdout };
}

describe('verify-proof', () => {
  it.each<[string, string[], number, string]>([
    ['a report as it was written', ['second.json'], 0, 'holds: this run left nothing'],
    [
      'with the one before it',
      ['second.json', '--previous', 'first.json'],
      0,
      'It follows first, whose report is as it was',
    ],
    ['with another one before it', ['second.json', '--previous', 'second.json'], 1, 'the report given is of'],
    ['a report that was changed', ['tampered.json'], 1, 'was changed after it was written'],
    ['a report without a proof', ['without.json'], 2, 'carries no proof'],
    ['something else', ['other.json'], 2, "is not a run's report.json"],
    ['no JSON', ['text.json'], 2, 'cannot be read as JSON'],
    ['no file', ['nowhere.json'], 2, 'nowhere.json cannot be read'],
    ['nothing', [], 2, 'Name one report.json'],
    ['a flag that is not known', ['second.json', '--deep'], 2, 'usage: npm run verify-proof'],
  ])('%s', (_what, args, code, words) => {
    const result = verifyProof(...args);
    expect(result.said).toContain(words);
    expect(result.code).toBe(code);
  });

  it('ends with one JSON line for programs', () => {
    const lines = verifyProof('tampered.json', '--json').out.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ verdict: 'broken', runId: plain.runId });
  });
});
