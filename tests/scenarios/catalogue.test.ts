import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AREAS } from '../../src/domain/scenario.ts';
import { AREA_OF_ID } from '../../src/domain/selection.ts';
import { lintScenarios } from '../../src/scenarios/lint.ts';
import { loadScenarios } from '../../src/scenarios/load.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';

const DIRECTORY = join(import.meta.dirname, '../../scenarios');
const FILES = readdirSync(DIRECTORY).filter((file) => file.endsWith('.md') && file !== 'README.md');
const read = (file: string) => ({ file, text: readFileSync(join(DIRECTORY, file), 'utf8') });
const hasBash = spawnSync('bash', ['--version']).status === 0;
if (!hasBash) console.warn('bash is not installed: the syntax of the scenarios is not checked');

test('fifty scenarios, five of every area, none rejected', async () => {
  const { scenarios, rejected } = await loadScenarios(DIRECTORY);
  expect(rejected).toEqual([]);
  const expected = Object.keys(AREA_OF_ID).flatMap((area) => [1, 2, 3, 4, 5].map((n) => `${area}-0${n}`));
  expect(scenarios.map(({ id }) => id)).toEqual(expected.sort());
  for (const { id, area } of scenarios) expect(Object(AREA_OF_ID)[id.slice(0, -3)]).toBe(area);
  expect(new Set(Object.values(AREA_OF_ID))).toEqual(new Set(AREAS));
});

test('the linter has nothing to say', () => {
  expect(lintScenarios(FILES.map(read))).toEqual([]);
});

test('no suffix of a name is used by two scenarios', () => {
  // All agents of a run share NAME_PREFIX, and some names are global.
  const owners = new Map<string, string>();
  for (const { file, text } of FILES.map(read)) {
    const names = new Set(
      [
        ...text.matchAll(
          /create[^\n]*(?:\\\n[^\n]*)*?--(?:name|profile-name) "\$\{?NAME_PREFIX\}?([\w-]+)"/g,
        ),
      ].map(([, name]) => name ?? ''),
    );
    for (const name of names) {
      expect(`${name}: ${owners.get(name) ?? file}`).toBe(`${name}: ${file}`);
      owners.set(name, file);
    }
  }
  expect(owners.size).toBeGreaterThan(100);
});

describe.skipIf(!hasBash)('bash can read every step', () => {
  test.each(FILES)('%s', (file) => {
    const parsed = parseScenario(file, read(file).text);
    if (!parsed.ok) throw new Error(`${file}:${parsed.rejected.line}: ${parsed.rejected.reason}`);
    const steps = Object.values(parsed.phases).flat();
    const input = steps.map(({ script }, index) => `step${index}() {\n${script}\n}`).join('\n');
    const { status, stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
