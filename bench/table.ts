import { meets, type Row } from './bench.ts';

/** The rows as lines of text: what, value, goal, and whether it was met. */
export function table(groups: readonly { readonly name: string; readonly rows: readonly Row[] }[]): string[] {
  const cells = groups.flatMap(({ name, rows }) =>
    rows.map((row, index) => [index === 0 ? name : '', row.what, quantity(row.value, row.unit), goal(row)]),
  );
  const head = ['bench', 'what', 'measured', 'goal'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (columns: readonly string[]) =>
    columns
      .map((text, column) =>
        column === 2 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)];
}

function goal(row: Row): string {
  if (row.goal === undefined) return '';
  const text =
    'atMost' in row.goal
      ? `<= ${quantity(row.goal.atMost, row.unit)}`
      : `>= ${quantity(row.goal.atLeast, row.unit)}`;
  return `${text}  ${meets(row) ? 'met' : 'MISSED'}`;
}

function quantity(value: number, unit: string): string {
  return `${number(value)}${unit === '' ? '' : ` ${unit}`}`;
}

/** Three digits that matter, and thousands apart. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
