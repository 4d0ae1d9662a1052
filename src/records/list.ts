import { odata } from '@azure/data-tables';
import type { TableEntity } from '../azure/tables.ts';
import { tableKey } from '../azure/tables.ts';
import type { Storage } from './records.ts';

/**
 * Lists are tables of their own, written where the records are written: one partition, whose row keys begin with the
 * run's start, newest first, so that a page is one query from a key on. Everything in a key is fixed when a run begins:
 * writing twice changes a row in place. Columns repeat what the API filters by and shows.
 */
const LATEST_MS = 9_999_999_999_999;

/** The beginning of every row key of a run that started at `startedAt` (ISO): later runs sort before earlier ones. */
export function newestFirst(startedAt: string): string {
  const ms = Date.parse(startedAt);
  if (!Number.isFinite(ms)) throw new RangeError(`"${startedAt}" is not an instant.`);
  return String(LATEST_MS - ms).padStart(13, '0');
}

/** The instant that newestFirst was made from. */
export function startOfKey(key: string): string {
  return new Date(LATEST_MS - Number(key.slice(0, 13))).toISOString();
}

/** A row key: the run's start, then what tells rows of one run apart. */
export function listKey(startedAt: string, ...parts: readonly string[]): string {
  return [newestFirst(startedAt), ...parts.map(tableKey)].join('|');
}

/** Which rows of a list are wanted. Undefined filters do not count. */
export interface ListQuery {
  /** Columns that must have this value. */
  readonly where?: Readonly<Record<string, string | undefined>>;
  /** Columns that must have one of these values. */
  readonly anyOf?: Readonly<Record<string, readonly string[]>>;
  /** Only keys after this one: where the page before ended. */
  readonly after?: string | undefined;
  /** Only keys that begin with this, which ends with a separator. */
  readonly prefix?: string | undefined;
  /** Only runs that started at or after `from` and before `to` (ISO). */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface ListPage {
  readonly rows: readonly TableEntity[];
  /** The key to go on after; undefined when these were the last. */
  readonly next: string | undefined;
}

/** One page of a list. Storage does the filtering and the ordering. */
export async function readPage(
  storage: Storage,
  table: string,
  query: ListQuery,
  limit: number,
): Promise<ListPage> {
  const rows: TableEntity[] = [];
  const pageSize = Math.min(limit + 1, 1_000);
  for await (const row of storage.query(table, listFilter(table, query), { pageSize })) {
    if (rows.length === limit) return { rows, next: rows.at(-1)?.rowKey };
    rows.push(row);
  }
  return { rows, next: undefined };
}

/** All rows of a list that match, for sums; only the columns that are needed. */
export function readAll(
  storage: Storage,
  table: string,
  query: ListQuery,
  columns: readonly string[],
): AsyncIterable<TableEntity> {
  const keys = ['PartitionKey', 'RowKey'];
  return storage.query(table, listFilter(table, query), { columns: [...keys, ...columns] });
}

/** The OData filter of a query; exported for its tests. The partition is named like its table. */
export function listFilter(
  table: string,
  { where = {}, anyOf = {}, after, prefix, from, to }: ListQuery,
): string {
  const parts = [odata`PartitionKey eq ${table}`];
  if (after) parts.push(odata`RowKey gt ${after}`);
  if (prefix) parts.push(odata`RowKey ge ${prefix}`, odata`RowKey lt ${`${prefix}~`}`);
  // Newest first turns the order round: what started before `to` has a larger key. "~" sorts after every separator.
  if (to) parts.push(odata`RowKey gt ${`${newestFirst(to)}~`}`);
  if (from) parts.push(odata`RowKey lt ${`${newestFirst(from)}~`}`);
  for (const [column, value] of Object.entries(where)) {
    if (value !== undefined) parts.push(isEqual(column, value));
  }
  for (const [column, values] of Object.entries(anyOf)) {
    parts.push(`(${values.map((value) => isEqual(column, value)).join(' or ')})`);
  }
  return parts.join(' and ');
}

/** odata quotes a value only when text stands before it in the same template. */
function isEqual(column: string, value: string): string {
  return column + odata` eq ${value}`;
}
