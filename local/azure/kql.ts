/** A row of Resource Graph; nested values by dots or brackets. */
export type Row = Readonly<Record<string, unknown>>;

export type Table = 'resources' | 'resourcecontainers' | 'authorizationresources';

/** A query of one of the shapes that the app sends, ready to run. */
export interface KqlQuery {
  run(rowsOf: (table: Table) => readonly Row[]): Row[];
}

/** The query is not of a shape that the stand-in knows; it is refused, never guessed. */
export class UnknownQuery extends Error {
  override readonly name = 'UnknownQuery';
}

type Step = (rows: readonly Row[], rowsOf: (table: Table) => readonly Row[]) => readonly Row[];

const TABLES: readonly string[] = ['resources', 'resourcecontainers', 'authorizationresources'];

/**
 * Reads `table | where .. | union (..) | project .. | order by id asc`. Throws UnknownQuery for anything else.
 */
export function parseKql(text: string): KqlQuery {
  const [source = '', ...rest] = splitOutside(text.trim(), '|').map((part) => part.trim());
  const table = source.toLowerCase();
  if (!TABLES.includes(table)) throw new UnknownQuery(`unknown table '${source}'`);
  const steps = rest.map(parseStep);
  return {
    run: (rowsOf) => [...steps.reduce((rows, step) => step(rows, rowsOf), rowsOf(table as Table))],
  };
}

function parseStep(text: string): Step {
  const [, operator = '', argument = ''] = /^(\w+)\s+([\s\S]+)$/.exec(text) ?? [];
  switch (operator) {
    case 'where': {
      const wanted = parseConditions(argument);
      return (rows) => rows.filter(wanted);
    }
    case 'union': {
      const inner = parseKql(argument.replace(/^\(([\s\S]*)\)$/, '$1'));
      return (rows, rowsOf) => [...rows, ...inner.run(rowsOf)];
    }
    case 'project': {
      const columns = argument.split(',').map(parseColumn);
      return (rows) =>
        rows.map((row) => Object.fromEntries(columns.map(([name, path]) => [name, valueAt(row, path)])));
    }
    case 'order':
    case 'sort': {
      const [, column] = /^by\s+(\w+)\s+asc$/.exec(argument) ?? [];
      if (!column) break;
      return (rows) => [...rows].sort((a, b) => compare(a[column], b[column]));
    }
  }
  throw new UnknownQuery(`unknown step '${text}'`);
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `name` or `name = path`. */
function parseColumn(text: string): [string, string[]] {
  const [, name, path] = /^\s*(?:(\w+)\s*=\s*)?([\w.[\]'" -]+?)\s*$/.exec(text) ?? [];
  if (!path) throw new UnknownQuery(`unknown column '${text}'`);
  const parts = parsePath(path);
  return [name ?? parts.join('_'), parts];
}

type Condition = (row: Row) => boolean;

function parseConditions(text: string): Condition {
  const alternatives = splitOutside(text, ' or ').map((alternative) =>
    splitOutside(alternative, ' and ').map((term) => parseTerm(term.trim())),
  );
  return (row) => alternatives.some((terms) => terms.every((matches) => matches(row)));
}

function parseTerm(term: string): Condition {
  const inner = /^\(([\s\S]*)\)$/.exec(term)?.[1];
  if (inner !== undefined) return parseConditions(inner);
  const [, path, operator, operand] =
    /^([\w.[\]'" -]+?)\s*(=~|==|startswith|in~)\s*([\s\S]+)$/.exec(term) ?? [];
  if (!path || !operand) throw new UnknownQuery(`unknown condition '${term}'`);
  const parts = parsePath(path);
  const literals = parseLiterals(operand, operator === 'in~');
  const lowered = literals.map((l) => l.toLowerCase());
  const [first = ''] = literals;
  return (row) => {
    const value = valueAt(row, parts);
    if (value === undefined || value === null) return false;
    const held = String(value);
    if (operator === '==') return held === first;
    if (operator === 'startswith') return held.toLowerCase().startsWith(first.toLowerCase());
    return lowered.includes(held.toLowerCase());
  };
}

function parseLiterals(text: string, isList: boolean): string[] {
  const inside = isList ? /^\(([\s\S]*)\)$/.exec(text.trim())?.[1] : text;
  const parts = inside === undefined ? [] : splitOutside(inside, ',').map((p) => p.trim());
  const literals = parts.map((part) => /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")$/.exec(part));
  if (parts.length === 0 || literals.some((l) => l === null) || (!isList && parts.length > 1)) {
    throw new UnknownQuery(`unknown value '${text}'`);
  }
  return literals.map((l) => (l?.[1] ?? l?.[2] ?? '').replace(/\\(.)/g, '$1'));
}

/** `properties.principalId`, `tags['RunId']`. */
function parsePath(text: string): string[] {
  const parts = [...text.matchAll(/([\w-]+)|\[(?:'([^']+)'|"([^"]+)")\]/g)];
  return parts.map(([, plain, single, double]) => plain ?? single ?? double ?? '');
}

function valueAt(row: Row, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = Object.keys(value).find((k) => k.toLowerCase() === part.toLowerCase());
    return key === undefined ? undefined : (value as Row)[key];
  }, row);
}

/** Splits at a separator that stands outside quotes and parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (quote) {
      if (c === '\\') i += 1;
      else if (c === quote) quote = '';
      continue;
    }
    if (c === "'" || c === '"') quote = c;
    else if (c === '(') depth += 1;
    else if (c === ')') depth -= 1;
    else if (depth === 0 && text.startsWith(separator, i)) {
      parts.push(text.slice(start, i));
      start = i + separator.length;
      i = start - 1;
    }
  }
  return [...parts, text.slice(start)];
}
