import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureError } from '../domain/errors.ts';
import type { RejectedScenario, Scenario } from '../domain/scenario.ts';
import { type ParsedScenario, parseScenario } from './parse.ts';

/** Documentation for authors beside the scenarios, not a scenario. */
const NOT_A_SCENARIO = 'README.md';

/** The scenario documents of a directory. */
export interface Catalogue {
  readonly scenarios: Scenario[];
  readonly rejected: RejectedScenario[];
}

/**
 * Reads every *.md file of `directory` except README.md. Valid scenarios come sorted by id, rejected ones by file. Of two
 * files with the same id the first by name is kept. A file that cannot be read is rejected like one that is wrong; only a
 * directory that cannot be listed throws.
 */
export async function loadScenarios(directory: string): Promise<Catalogue> {
  const names = await readdir(directory);
  const files = names.filter((name) => name.endsWith('.md') && name !== NOT_A_SCENARIO).sort();
  const parsed = await Promise.all(files.map((file) => readScenario(directory, file)));

  const byId = new Map<string, Scenario>();
  const rejected: RejectedScenario[] = [];
  for (const result of parsed) {
    if (!result.ok) {
      rejected.push(result.rejected);
      continue;
    }
    const { id, file } = result.scenario;
    const earlier = byId.get(id);
    if (earlier) {
      rejected.push({
        file,
        line: result.idLine,
        reason: `the id ${id} is taken by ${earlier.file}: choose another number`,
      });
    } else byId.set(id, result.scenario);
  }
  return { scenarios: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), rejected };
}

async function readScenario(directory: string, file: string): Promise<ParsedScenario> {
  try {
    return parseScenario(file, await readFile(join(directory, file), 'utf8'));
  } catch (error) {
    const reason = `the file cannot be read: ${ensureError(error).message}`;
    return { ok: false, rejected: { file, line: 1, reason } };
  }
}
