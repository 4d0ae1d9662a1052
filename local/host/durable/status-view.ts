import { historyView } from './history-view.ts';
import type { Instance } from './instance.ts';

/** What a caller of the status API wants to see; see the query parameters of the same names. */
export interface StatusQuery {
  readonly showInput: boolean;
  readonly showHistory: boolean;
  readonly showHistoryOutput: boolean;
}

export function statusQuery(query: URLSearchParams): StatusQuery {
  return {
    showInput: query.get('showInput')?.toLowerCase() !== 'false',
    showHistory: query.get('showHistory')?.toLowerCase() === 'true',
    showHistoryOutput: query.get('showHistoryOutput')?.toLowerCase() === 'true',
  };
}

/** An instance as GET instances/{id} answers it. Times have no fraction of a second. */
export function statusView(instance: Instance, query: StatusQuery): Record<string, unknown> {
  const { input } = instance;
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: query.showInput && input !== null ? JSON.parse(input) : null,
    customStatus: instance.customStatus,
    output: instance.output,
    createdTime: seconds(instance.createdTime),
    lastUpdatedTime: seconds(instance.lastUpdatedTime),
    ...(query.showHistory ? { historyEvents: historyView(instance, query.showHistoryOutput) } : {}),
  };
}

/** A filter over instances from the list and purge queries; throws an Error that names a date it cannot read. */
export function instanceFilter(query: URLSearchParams): (instance: Instance) => boolean {
  const statuses = query
    .getAll('runtimeStatus')
    .flatMap((each) => each.split(','))
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
  const from = time(query, 'createdTimeFrom') ?? Number.NEGATIVE_INFINITY;
  const to = time(query, 'createdTimeTo') ?? Number.POSITIVE_INFINITY;
  const prefix = query.get('instanceIdPrefix') ?? '';
  return (instance) => {
    const created = Date.parse(instance.createdTime);
    return (
      (statuses.length === 0 || statuses.includes(instance.status.toLowerCase())) &&
      created >= from &&
      created <= to &&
      instance.instanceId.startsWith(prefix)
    );
  };
}

function time(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new Error(`${name}: "${text}" is not a time. Use ISO 8601, such as 2026-01-31T00:00:00Z.`);
  return at;
}

function seconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}
