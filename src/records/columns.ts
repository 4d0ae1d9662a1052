/** A table row: keys, and columns of scalars. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: string | number | boolean | undefined;
}

/** Objects and arrays become JSON text in a column; scalars stay as they are; undefined is left out (merge keeps it). */
export function toColumns(record: object): Record<string, string | number | boolean | undefined> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'object' ? `json:${JSON.stringify(value)}` : value]),
  );
}

/** The reverse of toColumns; drops the keys and the table service's own columns. */
export function fromColumns(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(
        ([name]) =>
          !['partitionKey', 'rowKey', 'etag', 'timestamp'].includes(name) && !name.includes('odata'),
      )
      .map(([name, value]) => [
        name,
        typeof value === 'string' && value.startsWith('json:') ? JSON.parse(value.slice(5)) : value,
      ]),
  );
}
