import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { azCommands } from '../../src/scenarios/azCommands.ts';
import { loadScenarios } from '../../src/scenarios/load.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';
import { commandOf } from './commands.ts';

export interface ShimCoverage {
  /** Scenarios that an agent may perform. */
  readonly scenarios: number;
  /** Distinct commands, such as "network vnet create". */
  readonly commands: number;
  readonly served: number;
  readonly unknown: readonly string[];
}

/**
 * How many of the distinct `az` commands of the scenarios in `folder` the shim serves, and which it does not. Scenarios that
 * need rights in Entra ID are left out: no agent performs them.
 */
export async function shimCoverage(folder: string): Promise<ShimCoverage> {
  const scenarios = (await loadScenarios(folder)).scenarios.filter(
    ({ requires }) => !requires.includes('entra'),
  );
  const commands = new Set<string>();
  for (const { file } of scenarios) {
    const parsed = parseScenario(file, await readFile(path.join(folder, file), 'utf8'));
    if (!parsed.ok) continue;
    for (const { script } of Object.values(parsed.phases).flat()) {
      for (const command of azCommands(script).commands) commands.add(command.path);
    }
  }
  const unknown = [...commands].filter((command) => commandOf(command) === undefined).sort();
  return {
    scenarios: scenarios.length,
    commands: commands.size,
    served: commands.size - unknown.length,
    unknown,
  };
}

if (import.meta.main) {
  const folder = path.resolve(import.meta.dirname, '../../scenarios');
  const { scenarios, commands, served, unknown } = await shimCoverage(folder);
  console.log(
    `The shim serves ${served} of the ${commands} distinct az commands of the ${scenarios} scenarios that agents perform.`,
  );
  for (const command of unknown) console.log(`  az ${command}`);
}
