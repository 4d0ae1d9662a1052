import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../local/stack/command.ts';
import { failureOf, isSuccess, type Outcome, runOutput } from '../../local/stack/outcome.ts';
import { parseStartFlags } from '../../local/stack/startFlags.ts';
import { readTally, sum } from '../../local/stack/testTally.ts';
import { outcomeWords } from '../../local/ui/words.ts';

const OUTPUT = {
  runId: 'demo-1',
  status: 'completed',
  cleanupStatus: 'verified',
  agents: { total: 5, provisioning: 0, running: 0, completed: 5, failed: 0 },
  resourcesCreated: 12,
  resourcesRemoved: 12,
  leftovers: 0,
  reportPath: 'reports/demo-1/report.html',
};
const OUTCOME: Outcome = {
  runId: 'demo-1',
  status: 'completed',
  cleanupStatus: 'verified',
  agents: 5,
  resourcesCreated: 12,
  resourcesRemoved: 12,
  leftovers: 0,
  functionsFound: 21,
  reportPath: '/tmp/report.html',
  durationSeconds: 90,
};

describe('the outcome', () => {
  it('is read from the output of the run', () => {
    const status = { instanceId: 'demo-1', runtimeStatus: 'Completed', customStatus: null, output: OUTPUT };
    expect(runOutput(status)?.agents.total).toBe(5);
    expect(failureOf(status)).toBeUndefined();
  });

  it('is a failure with its reason when the orchestration broke', () => {
    const output = "Orchestrator function 'x' failed: kaputt";
    const status = { instanceId: 'demo-1', runtimeStatus: 'Failed', customStatus: null, output };
    expect(runOutput(status)).toBeUndefined();
    expect(failureOf(status)).toMatch(/Failed: Orchestrator function 'x' failed: kaputt/);
  });

  it.each([
    [{}, true],
    [{ status: 'completed_with_failures' as const }, true],
    [{ leftovers: 1 }, false],
    [{ cleanupStatus: 'unknown' as const }, false],
    [{ cleanupStatus: 'leftovers' as const, leftovers: 2 }, false],
    [{ cleanupStatus: 'not_needed' as const, status: 'failed' as const }, false],
  ])('%o is a success: %s', (change, expected) => {
    expect(isSuccess({ ...OUTCOME, ...change })).toBe(expected);
  });

  it('contradicts a run that says "verified" while something is left', () => {
    expect(outcomeWords({ ...OUTCOME, leftovers: 2 }, undefined).join('\n')).toMatch(/wrong: 2 leftovers/);
  });
});

describe('the flags of npm start', () => {
  it('have defaults that make a one-minute run of five agents', () => {
    expect(parseStartFlags([])).toMatchObject({
      port: 7071,
      size: 'small',
      durationSeconds: 60,
      json: false,
    });
  });

  it.each([
    [['--what'], /--what[\s\S]*usage: npm start/],
    [['--port', 'http'], /--port: expected 1 to 65535/],
    [['--port'], /--port/],
    [['--size', 'huge'], /--size: expected small, medium or large/],
    [['--duration', '1m'], /--duration: expected such as PT1M/],
    [['--host', 'docker'], /--host: expected func or local/],
    [['extra'], /extra/],
  ])('%j is refused with the usage', (args, expected) => {
    let thrown: unknown;
    try {
      parseStartFlags(args);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CommandError);
    expect(thrown).toMatchObject({ exitCode: 2, message: expect.stringMatching(expected) });
  });
});

describe('the tally of tests', () => {
  it('adds up, and counts a file that did not load and a run without a report as failures', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-tally-'));
    const file = path.join(folder, 'report.json');
    const ok = { status: 'passed', assertionResults: [{}] };
    const broken = { status: 'failed', assertionResults: [] };
    writeFileSync(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 1, testResults: [ok, broken] }));
    expect(readTally(file, 1)).toEqual({ passed: 3, failed: 2 });
    writeFileSync(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [ok] }));
    expect(readTally(file, 1)).toEqual({ passed: 3, failed: 1 });
    rmSync(folder, { recursive: true });
    expect(readTally(file, 1)).toEqual({ passed: 0, failed: 1 });
    expect(readTally(file, 0)).toEqual({ passed: 0, failed: 0 });
    expect(
      sum([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 });
  });
});
