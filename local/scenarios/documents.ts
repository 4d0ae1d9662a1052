import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ScenarioStep } from '../../src/scenarios/document.ts';
import type { ScenarioFile } from '../../src/scenarios/lint.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';

/** Something that one of the checks has found; `rule` says which. */
export interface CheckFinding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** A document with the steps that could be read; none when it is no scenario, which the linter then says. */
export interface CheckedDocument extends ScenarioFile {
  readonly steps: readonly ScenarioStep[];
}

/** The scenario documents of a directory, by name. */
export function readDocuments(directory: string): CheckedDocument[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return files.sort().map((file) => {
    const text = readFileSync(path.join(directory, file), 'utf8');
    const parsed = parseScenario(file, text);
    return { file, text, steps: parsed.ok ? Object.values(parsed.phases).flat() : [] };
  });
}
