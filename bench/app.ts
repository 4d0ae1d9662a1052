import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../local/stack/paths.ts';

const TEMPLATE = 'compute-01-linux-vm-web-server.md';
const IDS_PER_STEM = 99;

export interface BenchApp {
  readonly folder: string;
  readonly scenarioIds: readonly string[];
  remove(): void;
}

/** The built app with a catalogue of `count` scenarios, copies of one: the real catalogue is smaller than a large run. */
export function makeApp(count: number): BenchApp {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-bench-'));
  for (const name of ['host.json', 'package.json', 'dist'])
    cpSync(path.join(REPOSITORY, name), path.join(folder, name), { recursive: true });
  mkdirSync(path.join(folder, 'scenarios'));
  const template = readFileSync(path.join(REPOSITORY, 'scenarios', TEMPLATE), 'utf8');
  const scenarioIds = Array.from({ length: count }, (_, index) => {
    const number = String((index % IDS_PER_STEM) + 1).padStart(2, '0');
    return `bench${Math.floor(index / IDS_PER_STEM)}-${number}`;
  });
  for (const id of scenarioIds)
    writeFileSync(
      path.join(folder, 'scenarios', `${id}-copy.md`),
      template.replace(/^id: .*$/m, `id: ${id}`),
    );
  return { folder, scenarioIds, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
