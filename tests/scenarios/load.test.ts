import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadScenarios } from '../../src/scenarios/load.ts';
import { broken, VALID, VALID_FILE } from './document.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scenarios-'));
});
afterEach(() => rm(directory, { recursive: true }));

const put = (file: string, text: string) => writeFile(join(directory, file), text);

test('one bad file does not take the others down', async () => {
  await put(VALID_FILE, VALID);
  await put('compute-06-earlier.md', broken('id: compute-07', 'id: compute-06'));
  await put('compute-05-bad.md', 'hello');
  await put('README.md', '# For authors');
  await put('notes.txt', 'not a scenario');
  const { scenarios, rejected } = await loadScenarios(directory);
  expect(scenarios.map(({ id }) => id)).toEqual(['compute-06', 'compute-07']);
  expect(rejected).toEqual([
    { file: 'compute-05-bad.md', line: 1, reason: expect.stringMatching(/front matter/) },
  ]);
});

test('of two files with one id the later is rejected', async () => {
  await put('compute-07-b.md', VALID);
  await put('compute-07-a.md', VALID);
  const { scenarios, rejected } = await loadScenarios(directory);
  expect(scenarios.map(({ file }) => file)).toEqual(['compute-07-a.md']);
  expect(rejected).toEqual([
    { file: 'compute-07-b.md', line: 2, reason: expect.stringContaining('taken by compute-07-a.md') },
  ]);
});

test('what cannot be read is rejected, not thrown', async () => {
  await mkdir(join(directory, 'compute-09-folder.md'));
  const { rejected } = await loadScenarios(directory);
  expect(rejected).toEqual([
    { file: 'compute-09-folder.md', line: 1, reason: expect.stringContaining('cannot be read') },
  ]);
});

test('a directory that does not exist throws', async () => {
  await expect(loadScenarios(join(directory, 'nowhere'))).rejects.toThrow(/ENOENT/);
});
