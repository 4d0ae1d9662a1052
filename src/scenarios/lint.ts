import { lintCleanUp } from './lintCleanUp.ts';
import { lintDay } from './lintDay.ts';
import { lintGroup } from './lintGroup.ts';
import { lintNames } from './lintNames.ts';
import { lintPrompts } from './lintPrompts.ts';
import { lintRetired } from './lintRetired.ts';
import { lintRights } from './lintRights.ts';
import { type Finding, type LintedScenario, linted, type Rule } from './lintScenario.ts';
import { lintSecrets } from './lintSecrets.ts';
import { parseScenario } from './parse.ts';

/** The text of a file of the folder scenarios, by its name without folders. */
export interface ScenarioFile {
  readonly file: string;
  readonly text: string;
}

type Check = (scenario: LintedScenario) => Finding[];

const CHECKS: readonly Check[] = [
  lintDay,
  lintGroup,
  lintNames,
  lintCleanUp,
  lintRights,
  lintSecrets,
  lintPrompts,
  lintRetired,
];

/**
 * Everything that is wrong with scenario documents, by file and line. A document that cannot be read as a scenario has one
 * finding of the rule `document`; the rules are described in scenarios/README.md.
 */
export function lintScenarios(files: readonly ScenarioFile[]): Finding[] {
  const findings: Finding[] = [];
  const fileOfId = new Map<string, string>();
  for (const { file, text } of [...files].sort((a, b) => (a.file < b.file ? -1 : 1))) {
    const parsed = parseScenario(file, text);
    if (!parsed.ok) {
      const { line, reason } = parsed.rejected;
      findings.push({ file, line, rule: 'document', message: reason });
      continue;
    }
    const { id } = parsed.scenario;
    const earlier = fileOfId.get(id);
    if (earlier) {
      const message = `the id ${id} is taken by ${earlier}: choose another number`;
      findings.push({ file, line: parsed.idLine, rule: 'document', message });
    }
    fileOfId.set(id, file);
    const scenario = linted(parsed.scenario, parsed.phases);
    findings.push(...CHECKS.flatMap((check) => check(scenario)).sort((a, b) => a.line - b.line));
  }
  return findings;
}

export type { Finding, Rule };
