import path from 'node:path';
import process from 'node:process';
import { lintScenarios } from '../src/scenarios/lint.ts';
import { type AzVerdict, checkWithAz, placedCommands } from './scenarios/azChecks.ts';
import { azPython, azVersion } from './scenarios/azCli.ts';
import { AZ_EXCEPTIONS } from './scenarios/azExceptions.ts';
import { type CheckFinding, readDocuments } from './scenarios/documents.ts';
import { checkStyle, checkSyntax, isOnPath } from './scenarios/shellChecks.ts';
import { type Row, table } from './scenarios/table.ts';
import { runCommand } from './stack/command.ts';
import { REPOSITORY } from './stack/paths.ts';

/**
 * `npm run check:scenarios [-- --json] [-- <beginning of a file name>]`: bash, shellcheck, our linter and the Azure CLI's
 * own parser over every document. A tool that is not on the PATH is skipped with a warning, or is a failure where CI is set.
 */
await runCommand(async () => {
  const args = process.argv.slice(2);
  const isJson = args.includes('--json');
  const only = args.find((arg) => !arg.startsWith('--')) ?? '';
  const documents = readDocuments(path.join(REPOSITORY, 'scenarios')).filter(({ file }) =>
    file.startsWith(only),
  );
  const commands = placedCommands(documents);
  const missing: string[] = [];
  const has = (program: string, isThere: boolean, advice: string) => {
    if (!isThere) missing.push(`${program} is not on the PATH: ${advice}`);
    return isThere;
  };

  const made = new Set(['linter']);
  const findings: CheckFinding[] = [...lintScenarios(documents)];
  if (has('bash', isOnPath('bash'), 'the syntax of the steps is not checked.')) {
    made.add('bash');
    findings.push(...documents.flatMap(checkSyntax));
  }
  if (has('shellcheck', isOnPath('shellcheck'), 'install the package "shellcheck".')) {
    made.add('shellcheck');
    findings.push(...documents.flatMap(checkStyle));
  }
  let verdict: AzVerdict | undefined;
  const python = azPython();
  if (has('az', python !== undefined, 'install the package "azure-cli".') && python) {
    made.add('az');
    console.error(`Asking the parser of Azure CLI ${azVersion(python)} about ${commands.length} commands.`);
    verdict = await checkWithAz(python, commands);
    findings.push(...verdict.findings);
  }

  const rows: Row[] = documents.map(({ file, steps }) => ({
    file,
    steps: steps.length,
    az: verdict?.byFile.get(file),
    findings: findings.filter((finding) => finding.file === file),
  }));
  console.log(table(rows, made));
  for (const { file, line, rule, message } of findings)
    console.log(`scenarios/${file}:${line} [${rule}] ${message}`);
  for (const { command, reason } of verdict?.used ?? []) console.log(`exception: az ${command}: ${reason}`);
  for (const { command } of verdict && only === ''
    ? AZ_EXCEPTIONS.filter((one) => !verdict.used.has(one))
    : []) {
    console.log(`not needed with this Azure CLI: the exception for az ${command}`);
  }
  for (const warning of missing) console.error(warning);

  const passed = rows.filter((row) => row.findings.length === 0).length;
  const sum = (of: 'checked' | 'excepted') =>
    [...(verdict?.byFile.values() ?? [])].reduce((total, result) => total + result[of], 0);
  const summary = {
    scenarios: rows.length,
    passed,
    commands: commands.length,
    commandsCheckedByAz: sum('checked'),
    exceptions: sum('excepted'),
  };
  console.log(
    isJson
      ? JSON.stringify(summary)
      : `${passed} of ${rows.length} scenarios passed; ${summary.commandsCheckedByAz} of ${summary.commands} commands checked by the Azure CLI, ${summary.exceptions} excepted`,
  );
  const isComplete = missing.length === 0 || !process.env.CI;
  return passed === rows.length && rows.length > 0 && isComplete ? 0 : 1;
});
