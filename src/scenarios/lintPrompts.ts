import type { AzCommand } from './azCommands.ts';
import { ASKS } from './azKnowledge.ts';
import { eachCommand, type Finding, type LintedScenario } from './lintScenario.ts';

/** Nobody is there to answer: commands that ask get --yes. */
export function lintPrompts(scenario: LintedScenario): Finding[] {
  return eachCommand(scenario, 'prompts', (command: AzCommand) => {
    if (!ASKS.has(command.path) || command.flags.has('--yes') || command.flags.has('-y')) return undefined;
    return `"az ${command.path}" asks before it acts: add --yes`;
  });
}
