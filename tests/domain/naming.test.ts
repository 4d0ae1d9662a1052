import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agentNamePrefix,
  applicationDisplayName,
  directoryTags,
  MAX_NAME_LENGTH,
  runKey,
  runPrefix,
  stem,
  tagsFor,
} from '../../src/domain/naming.ts';
import { ScenarioId } from '../../src/domain/scenario.ts';

/** The rule of Container Apps job names. */
const JOB_NAME = /^[a-z]([a-z0-9]|-(?!-))*[a-z0-9]$/;

describe('names', () => {
  it('are the same whenever they are made, and differ between runs that overlap', () => {
    expect(runKey('run-20261121T0600Z')).toBe(runKey('run-20261121T0600Z'));
    expect(runKey('run-20261121T0600Z')).not.toBe(runKey('run-20261121T1200Z'));
  });

  it('are job names for every scenario id that the schema lets through', () => {
    const id = fc
      .stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6})?-\d{2}$/)
      .filter((text) => ScenarioId.safeParse(text).success);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), id, (runId, scenarioId) => {
        const name = stem(runId, scenarioId);
        expect(name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
        expect(name).toMatch(JOB_NAME);
        expect(name.startsWith(runPrefix(runId))).toBe(true);
      }),
    );
  });

  it('carry the run in the application’s display name and in the prefix for the agent', () => {
    const key = runKey('exec-20261121-0a1b2c3d');
    expect(applicationDisplayName('exec-20261121-0a1b2c3d', 'compute-01')).toBe(
      `AzureHayMaker-compute-01-${key}-admin`,
    );
    expect(agentNamePrefix('exec-20261121-0a1b2c3d')).toBe(`hm${key}`);
  });
});

describe('tags', () => {
  const run = { runId: 'r1', expiresOn: '2026-11-21T14:00:00.000Z' };

  it('mark what is ours; a caller’s tags cannot change that', () => {
    const tags = { team: 'blue', 'AzureHayMaker-managed': 'false', RunId: 'other' };
    expect(tagsFor({ ...run, tags }, 'compute-01')).toEqual({
      team: 'blue',
      'AzureHayMaker-managed': 'true',
      RunId: 'r1',
      Scenario: 'compute-01',
      ExpiresOn: run.expiresOn,
    });
  });

  it('are flat in Entra', () => {
    expect(directoryTags('r1', 'compute-01', run.expiresOn)).toContain('RunId:r1');
  });
});
