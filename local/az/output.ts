import jmespath from 'jmespath';
import { CliError } from './session.ts';

/** Applies `--query` and `--output`; the text to print, without a line break at its end when there is nothing. */
export function render(result: unknown, query: string | undefined, format: string): string {
  const shown = query === undefined ? result : select(result, query);
  switch (format) {
    case 'none':
      return '';
    case 'tsv':
      return lines(tsvRows(shown));
    case 'table':
      return lines(table(shown));
    default:
      return shown === undefined ? '' : `${JSON.stringify(shown, null, 2)}\n`;
  }
}

function select(result: unknown, query: string): unknown {
  try {
    return jmespath.search(result ?? null, query);
  } catch (error) {
    throw new CliError(`argument --query: invalid jmespath_type value: ${String(error)}`, 2);
  }
}

function lines(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

function tsvRows(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(tsvRow);
  return [tsvRow(value)];
}

function tsvRow(value: unknown): string {
  if (Array.isArray(value)) return value.map(cell).join('\t');
  if (value !== null && typeof value === 'object') return Object.values(value).map(cell).join('\t');
  return cell(value);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return String(value.length);
  return typeof value === 'object' ? '' : String(value);
}

function table(value: unknown): string[] {
  const rows = (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(
    (row) => (row !== null && typeof row === 'object' ? Object(row) : { Result: row }),
  );
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) =>
    rows.some((row) => row[name] === null || typeof row[name] !== 'object'),
  );
  if (rows.length === 0 || columns.length === 0) return [];
  const texts = rows.map((row) => columns.map((name) => cell(row[name])));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...texts.map((text) => text[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)];
}
