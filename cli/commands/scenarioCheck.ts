import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { lintScenarios, type ScenarioFile } from '../../src/scenarios/lint.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import type { Screen } from '../output/table.ts';
import { count } from '../output/text.ts';
import type { Register } from '../register.ts';

/** Documentation for authors beside the scenarios, not a scenario. */
const NOT_A_SCENARIO = 'README.md';

interface LocatedFinding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export function addScenarioCheck(scenarios: Command, register: Register): void {
  register<object>(
    scenarios
      .command('check')
      .description(
        'check scenario documents on this machine, without the app; ends with 1 when something is wrong',
      )
      .argument('[paths...]', 'files or folders (default: scenarios)'),
    async (session, _options, ...paths) => {
      const files = await scenarioFiles(paths.length > 0 ? paths : ['scenarios']);
      const pathOf = new Map(files.map((each) => [each.file, each.path]));
      const findings = lintScenarios(files).map(
        ({ file, line, rule, message }): LocatedFinding => ({
          file: pathOf.get(file) ?? file,
          line,
          rule,
          message,
        }),
      );
      session.out.result({ files: files.length, findings }, (screen) =>
        findingsView(files.length, findings, screen),
      );
      if (findings.length > 0) {
        throw new CommandFailure(EXIT.failed, 'The rules are described in scenarios/README.md.');
      }
    },
  );
}

function findingsView(files: number, findings: readonly LocatedFinding[], { colours }: Screen): string {
  const documents = count(files, 'document');
  if (findings.length === 0) return colours.green(`${documents}, nothing wrong.`);
  // file:line first, as compilers say it: editors and terminals jump there.
  const lines = findings.map(
    ({ file, line, rule, message }) =>
      `${colours.bold(`${file}:${line}`)} ${message} ${colours.dim(`(${rule})`)}`,
  );
  return [...lines, '', colours.red(`${documents}, ${count(findings.length, 'finding')}.`)].join('\n');
}

type FoundFile = ScenarioFile & { readonly path: string };

async function scenarioFiles(paths: readonly string[]): Promise<FoundFile[]> {
  const names = (await Promise.all(paths.map(documentsAt))).flat();
  if (names.length === 0) {
    throw new CommandFailure(EXIT.notFound, `There is no scenario document (*.md) in ${paths.join(', ')}.`);
  }
  return Promise.all(
    names.map(async (name) => ({
      file: path.basename(name),
      path: name,
      text: await readFile(name, 'utf8'),
    })),
  );
}

async function documentsAt(name: string): Promise<string[]> {
  const found = await stat(name).catch((error: unknown) => {
    throw new CommandFailure(EXIT.notFound, `There is no file or folder ${name}.`, { cause: error });
  });
  if (!found.isDirectory()) return [name];
  const entries = await readdir(name);
  return entries
    .filter((entry) => entry.endsWith('.md') && entry !== NOT_A_SCENARIO)
    .sort()
    .map((entry) => path.join(name, entry));
}
