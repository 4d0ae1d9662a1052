import Table from 'cli-table3';
import { type Colours, clip, coloured, printable } from './text.ts';

/** A column of a table of `Row`s. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
  /** Shown in the colour of its state. */
  readonly isState?: boolean;
  readonly align?: 'left' | 'right';
  /** May be cut down to this width; a column without one is shown whole, because it is copied into other commands. */
  readonly min?: number;
  /** Where it is cut. */
  readonly cut?: 'end' | 'middle';
  /** Left out, the highest first, when the screen is too narrow for all. */
  readonly dispensable?: number;
}

export interface Screen {
  /** Undefined when the output is no terminal: nothing is cut then. */
  readonly columns: number | undefined;
  readonly colours: Colours;
}

const GAP = 2;
const NO_BORDERS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

/** The rows as a table that fits the screen, as lines without an end of line. Pure. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  screen: Screen,
): string {
  const texts = new Map(
    columns.map((column) => [column, rows.map((row) => printable(String(column.value(row) ?? '-')) || '-')]),
  );
  const natural = (column: Column<Row>) =>
    Math.max(column.title.length, ...(texts.get(column) ?? []).map((text) => text.length));
  const layout = fit(columns, natural, screen.columns);
  const table = new Table({
    head: layout.map(({ column }) => screen.colours.bold(column.title.toUpperCase())),
    colAligns: layout.map(({ column }) => column.align ?? 'left'),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  });
  rows.forEach((_row, index) => {
    table.push(
      layout.map(({ column, width }) => {
        const text = clip(texts.get(column)?.[index] ?? '-', width, column.cut);
        return column.isState ? coloured(text, screen.colours) : text;
      }),
    );
  });
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

interface Placed<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/** Which columns are shown, and how wide: first what is dispensable goes, as far as cutting alone does not do. */
function fit<Row>(
  columns: readonly Column<Row>[],
  natural: (column: Column<Row>) => number,
  available: number | undefined,
): Placed<Row>[] {
  const smallest = (column: Column<Row>) => Math.min(natural(column), column.min ?? Number.POSITIVE_INFINITY);
  let shown = [...columns];
  if (available === undefined) return shown.map((column) => ({ column, width: natural(column) }));
  const total = (width: (column: Column<Row>) => number) =>
    shown.reduce((sum, column) => sum + width(column) + GAP, -GAP);
  while (total(smallest) > available) {
    const [next] = shown
      .filter((c) => c.dispensable)
      .sort((a, b) => (b.dispensable ?? 0) - (a.dispensable ?? 0));
    if (!next) break;
    shown = shown.filter((column) => column !== next);
  }
  let excess = total(natural) - available;
  const widths = new Map<Column<Row>, number>();
  const byRoom = [...shown].sort((a, b) => natural(b) - smallest(b) - (natural(a) - smallest(a)));
  for (const column of byRoom) {
    const given = Math.max(0, Math.min(excess, natural(column) - smallest(column)));
    widths.set(column, natural(column) - given);
    excess -= given;
  }
  return shown.map((column) => ({ column, width: widths.get(column) ?? natural(column) }));
}

/** Names and values under each other: "Phase    monitoring". Values that are undefined are left out. */
export function renderFields(
  fields: readonly (readonly [name: string, value: string | undefined])[],
  screen: Screen,
): string {
  const present = fields.filter(([, value]) => value !== undefined);
  const width = Math.max(...present.map(([name]) => name.length)) + GAP;
  return present.map(([name, value]) => `${screen.colours.dim(name.padEnd(width))}${value}`).join('\n');
}
