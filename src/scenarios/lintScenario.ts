import type { Scenario } from '../domain/scenario.ts';
import { type AzCommand, azCommands, type Bindings } from './azCommands.ts';
import type { ScenarioPhases, ScenarioStep } from './document.ts';

/** The rules of the linter; scenarios/README.md says what each asks for. */
export type Rule =
  | 'document'
  | 'day'
  | 'group'
  | 'names'
  | 'tags'
  | 'clean-up'
  | 'rights'
  | 'secrets'
  | 'prompts'
  | 'retired';

/** Something wrong with a document: where, which rule, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: Rule;
  readonly message: string;
}

/** A step with its commands understood. */
export interface LintedStep {
  readonly phase: keyof ScenarioPhases;
  readonly step: ScenarioStep;
  readonly commands: readonly AzCommand[];
  readonly bindings: Bindings;
}

export interface LintedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly LintedStep[];
}

/** A scenario whose steps are read once for all rules. */
export function linted(scenario: Scenario, phases: ScenarioPhases): LintedScenario {
  const phaseNames: readonly (keyof ScenarioPhases)[] = ['deploy', 'operate', 'cleanUp'];
  const steps = phaseNames.flatMap((phase) =>
    phases[phase].map((step) => ({ phase, step, ...azCommands(step.script) })),
  );
  return { scenario, steps };
}

/** Calls `check` with every az command and returns what it finds, with file and line filled in. */
export function eachCommand(
  { scenario, steps }: LintedScenario,
  rule: Rule,
  check: (command: AzCommand, step: LintedStep) => string | undefined,
): Finding[] {
  return steps.flatMap((step) =>
    step.commands.flatMap((command) => {
      const message = check(command, step);
      if (message === undefined) return [];
      return [{ file: scenario.file, line: step.step.line + command.line - 1, rule, message }];
    }),
  );
}

/** The last word of a command: `create`, `list`, `rotate`. */
export function verb(command: AzCommand): string {
  return command.path.slice(command.path.lastIndexOf(' ') + 1);
}

/** A command without its last word: `network vnet subnet`. */
export function noun(command: AzCommand): string {
  return command.path.slice(0, Math.max(0, command.path.lastIndexOf(' ')));
}
