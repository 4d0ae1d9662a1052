import { type AzCommand, azCommands } from '../../src/scenarios/azCommands.ts';
import { exampleArguments, exampleValues } from './arguments.ts';
import { type Answer, parseWithAz } from './azCli.ts';
import { type AzException, exceptionFor } from './azExceptions.ts';
import type { CheckedDocument, CheckFinding } from './documents.ts';

interface PlacedCommand {
  readonly file: string;
  readonly line: number;
  readonly command: AzCommand;
  readonly args: readonly string[];
}

/** What the Azure CLI's parser made of the commands of a document. */
export interface AzResult {
  readonly commands: number;
  readonly checked: number;
  readonly excepted: number;
}

export interface AzVerdict {
  readonly findings: readonly CheckFinding[];
  readonly byFile: ReadonlyMap<string, AzResult>;
  readonly used: ReadonlySet<AzException>;
}

/** Every az command of the documents, with example arguments. */
export function placedCommands(documents: readonly CheckedDocument[]): PlacedCommand[] {
  return documents.flatMap(({ file, steps }) =>
    steps.flatMap(({ script, line }) => {
      const values = exampleValues(script);
      return azCommands(script).commands.map((command) => ({
        file,
        line: line + command.line - 1,
        command,
        args: exampleArguments(command, values),
      }));
    }),
  );
}

/** Has the CLI run by `python` parse every command; the same words are asked once. */
export async function checkWithAz(python: string, commands: readonly PlacedCommand[]): Promise<AzVerdict> {
  const distinct = [...new Map(commands.map(({ args }) => [args.join('\0'), args])).values()];
  const answers = await parseWithAz(python, distinct);
  const answerTo = new Map(distinct.map((args, index) => [args.join('\0'), answers[index]]));

  const findings: CheckFinding[] = [];
  const byFile = new Map<string, AzResult>();
  const used = new Set<AzException>();
  for (const placed of commands) {
    const answer = answerTo.get(placed.args.join('\0'));
    if (!answer) continue;
    const exception = answer.status === 'ok' ? undefined : exceptionFor(placed.command.path, answer);
    if (exception) used.add(exception);
    const message = exception ? undefined : complaint(placed.command, answer);
    if (message) findings.push({ file: placed.file, line: placed.line, rule: 'az', message });
    const sofar = byFile.get(placed.file) ?? { commands: 0, checked: 0, excepted: 0 };
    byFile.set(placed.file, {
      commands: sofar.commands + 1,
      checked: sofar.checked + (answer.status === 'unknown' || exception ? 0 : 1),
      excepted: sofar.excepted + (exception ? 1 : 0),
    });
  }
  return { findings, byFile, used };
}

function complaint(command: AzCommand, answer: Answer): string | undefined {
  if (answer.status !== 'ok') return `az ${command.path}: ${answer.message ?? answer.status}`;
  const isAnswered = command.flags.has('--yes') || command.flags.has('-y');
  if (answer.confirms && !isAnswered) return `az ${command.path} asks before it acts: add --yes`;
  return undefined;
}
