import type { AzResult } from './azChecks.ts';
import type { CheckFinding } from './documents.ts';

/** One line of the table: a document and what the checks made of it. */
export interface Row {
  readonly file: string;
  readonly steps: number;
  readonly az: AzResult | undefined;
  readonly findings: readonly CheckFinding[];
}

const HEADINGS = ['scenario', 'steps', 'commands', 'by az', 'excepted', 'bash', 'shellcheck', 'linter', 'az'];
const LINTER = 'linter';

/** The table of checks as text; a check that was not made has a dash. */
export function table(rows: readonly Row[], made: ReadonlySet<string>): string {
  const lines = [HEADINGS, ...rows.map((row) => cells(row, made))];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function cells({ file, steps, az, findings }: Row, made: ReadonlySet<string>): string[] {
  const verdict = (check: string) => {
    if (!made.has(check)) return '-';
    const count = findings.filter(({ rule }) => checkOf(rule) === check).length;
    return count === 0 ? 'ok' : `${count} wrong`;
  };
  const numbers = az ? [az.commands, az.checked, az.excepted].map(String) : ['-', '-', '-'];
  return [
    file.replace(/\.md$/, ''),
    String(steps),
    ...numbers,
    ...['bash', 'shellcheck', LINTER, 'az'].map(verdict),
  ];
}

/** The rules of the linter are many; the other checks have one each. */
function checkOf(rule: string): string {
  return ['bash', 'shellcheck', 'az'].includes(rule) ? rule : LINTER;
}
