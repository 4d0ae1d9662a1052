import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AREAS } from '../../src/domain/scenario.ts';
import { loadScenarios } from '../../src/scenarios/load.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';

const DIRECTORY = join(import.meta.dirname, '../../scenarios');
const FILES = readdirSync(DIRECTORY).filter((file) => file.endsWith('.md') && file !== 'README.md');
const hasBash = spawnSync('bash', ['--version']).status === 0;
if (!hasBash) console.warn('bash is not installed: the syntax of the scenarios is not checked');

const read = (file: string) => {
  const parsed = parseScenario(file, readFileSync(join(DIRECTORY, file), 'utf8'));
  if (!parsed.ok) throw new Error(`${file}:${parsed.rejected.line}: ${parsed.rejected.reason}`);
  return parsed;
};

test('no document is rejected and every area has one', async () => {
  const { scenarios, rejected } = await loadScenarios(DIRECTORY);
  expect(rejected).toEqual([]);
  expect(new Set(scenarios.map(({ area }) => area))).toEqual(new Set(AREAS));
});

describe.each(FILES)('%s', (file) => {
  const { scenario, phases } = read(file);
  const steps = Object.values(phases).flat();

  test.skipIf(!hasBash)('every step is bash', () => {
    for (const { title, script } of steps) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ title, status, stderr }).toEqual({ title, status: 0, stderr: '' });
    }
  });

  test('the day has at least eight operations, some with a cadence', () => {
    expect(phases.operate.length).toBeGreaterThanOrEqual(8);
    expect(phases.operate.filter((step) => step.everySeconds).length).toBeGreaterThanOrEqual(2);
  });

  test('the group is neither made nor deleted, and no other is touched', () => {
    for (const { script } of steps) {
      expect(script).not.toMatch(/az group (create|delete)/);
      for (const [, group] of script.matchAll(/(?:--resource-group|-g)[ =](\S+)/g)) {
        expect(group).toBe('"$RESOURCE_GROUP"');
      }
    }
  });

  test('no password or key is in a command line', () => {
    for (const { script } of steps) {
      expect(script).not.toMatch(/--(admin-password|password|value|account-key|connection-string)[ =]"?\$/);
    }
  });

  test('rights are declared where they are used', () => {
    const text = steps.map(({ script }) => script).join('\n');
    expect(/\baz ad\b|graph\.microsoft\.com/.test(text)).toBe(scenario.requires.includes('entra'));
    expect(/\baz role assignment\b/.test(text)).toBe(scenario.requires.includes('role-assignment'));
  });

  test('it ends with proof that the group is empty', () => {
    expect(phases.cleanUp.at(-1)?.title).toBe('Check that the group is empty');
  });
});
