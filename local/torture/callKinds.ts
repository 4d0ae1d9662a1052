import { MOMENTS, type Moment } from './cases.ts';

/** A request that the stand-in has seen; see Call of the stand-in. */
export interface SeenCall {
  readonly at: number;
  readonly service: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly operation: string;
  readonly principal?: string | undefined;
}

/** A kind of wire call: the glob that all of its calls match, and the moments from which on a fault would hit one. */
export interface CallKind {
  readonly call: string;
  readonly moments: readonly Moment[];
  /** The last moment at which a host makes it that has performed runs before; undefined when only a new one makes it. */
  readonly warmUntil?: Moment;
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Names that differ from run to run become wildcards: ids, runs, agents, rows and rounds. */
export function kindOf({ service, method, host, path, operation }: SeenCall, runId: string): string {
  if (service === 'service-bus') {
    const right = operation.includes('/send/') ? 'SEND' : 'RECEIVE';
    return `${right} ${host}${path}`;
  }
  const general = path
    .replace(GUID, '*')
    .replace(/hm-[0-9a-f]{8}-[^/']*/g, 'hm-????????-*')
    .replace(/hm[0-9a-f]{8}[^/]*/g, 'hm????????*')
    .replace(/\(PartitionKey=.*\)$/, '(*)')
    .replace(/\/\d{8}T\d{6}Z\//, '/*/')
    .replace(/round-\d+/, 'round-*')
    .replace(/\/providers\/Microsoft\.\w+$/, '/providers/*')
    .replaceAll(`/${runId}/`, '/*/');
  return `${method} ${host}${general}`;
}

/**
 * The kinds of calls that the app makes in a run, with the phases in which it makes them. `phaseAt` tells the phase at a
 * time. Calls of agents (who have principals of their own) are none of ours, unless the app makes the same.
 */
export function callKinds(
  calls: readonly SeenCall[],
  options: {
    readonly runId: string;
    readonly isAgent: (principal: string) => boolean;
    readonly momentAt: (at: number) => Moment;
  },
): CallKind[] {
  const moments = new Map<string, Set<Moment>>();
  for (const call of calls) {
    if (call.principal !== undefined && options.isAgent(call.principal)) continue;
    const kind = kindOf(call, options.runId);
    const known = moments.get(kind) ?? new Set();
    moments.set(kind, known.add(options.momentAt(call.at)));
  }
  return [...moments]
    .map(([call, seen]) => ({ call, moments: MOMENTS.filter((moment) => seen.has(moment)) }))
    .sort((a, b) => a.call.localeCompare(b.call));
}
