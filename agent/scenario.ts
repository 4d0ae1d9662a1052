import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../src/domain/scenario.ts';
import type { ScenarioPhases } from '../src/scenarios/document.ts';
import { parseScenario } from '../src/scenarios/parse.ts';

export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly phases: ScenarioPhases;
}

/** The image does not hold the scenario that the agent was told to perform, or holds it damaged. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

/** Reads the document of scenario `id` from `folder`. Throws ScenarioError that says what is wrong and where. */
export async function loadScenario(folder: string, id: string): Promise<LoadedScenario> {
  const files = (await readdir(folder)).filter((name) => name.startsWith(`${id}-`) && name.endsWith('.md'));
  const [file] = files.sort();
  if (!file) {
    throw new ScenarioError(
      `There is no scenario ${id} in ${folder}. Build the agent's image from the same commit as the app.`,
    );
  }
  const parsed = parseScenario(file, await readFile(join(folder, file), 'utf8'));
  if (!parsed.ok) {
    const { line, reason } = parsed.rejected;
    throw new ScenarioError(`${file}:${line}: ${reason}`);
  }
  return parsed;
}
