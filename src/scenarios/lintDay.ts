import { type Finding, type LintedScenario, type LintedStep, verb } from './lintScenario.ts';

const OPERATIONS = 8;
const WITH_CADENCE = 2;
const LAST_STEP = 'Check that the group is empty';
const READS = /^(show|list|get|exists|query|usage|download|logs|wait|check)(-|$)|^summarize$/;

/** A day is long and varied enough to look like work: issue 5 asks for eight operations, reads and writes mixed. */
export function lintDay({ scenario, steps }: LintedScenario): Finding[] {
  const operations = steps.filter(({ phase }) => phase === 'operate');
  const first = operations[0]?.step.line ?? 1;
  const findings: Finding[] = [];
  const complain = (line: number, message: string) =>
    findings.push({ file: scenario.file, line, rule: 'day', message });

  if (operations.length < OPERATIONS) {
    complain(first, `phase 2 has ${operations.length} operations: at least ${OPERATIONS} are needed`);
  }
  if (operations.filter(({ step }) => step.everySeconds).length < WITH_CADENCE) {
    complain(first, `fewer than ${WITH_CADENCE} operations have a cadence: add a line such as every: PT30M`);
  }
  if (!operations.some(onlyReads)) complain(first, 'no operation only reads: look at something, too');
  if (operations.every(onlyReads)) complain(first, 'every operation only reads: change something, too');
  if (steps.filter(({ phase }) => phase === 'deploy').every(({ step }) => !/valid/i.test(step.title))) {
    complain(
      steps[0]?.step.line ?? 1,
      'phase 1 has no step "Validate …": check that what was deployed works',
    );
  }
  const last = steps.at(-1)?.step;
  if (last && last.title !== LAST_STEP)
    complain(last.line, `the last step must be "${LAST_STEP}", not "${last.title}"`);
  return findings;
}

function onlyReads({ commands }: LintedStep): boolean {
  return commands.length > 0 && commands.every((command) => READS.test(verb(command)));
}
