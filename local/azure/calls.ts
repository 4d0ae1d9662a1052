/** One request that reached the stand-in. `service` is the name of the Service that answered. */
export interface Call {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly service: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Azure's name of the operation, such as Microsoft.Resources/subscriptions/resourceGroups/write. */
  readonly operation: string;
  /** Display name of the caller; undefined for calls without a valid token. */
  readonly principal: string | undefined;
  /** HTTP status; 0 when the connection was cut instead of answered. */
  readonly status: number;
  /** What was done although the answer got lost: the status that it would have had. */
  readonly lostStatus?: number;
}

export interface CallCounts {
  readonly total: number;
  readonly byService: Readonly<Record<string, number>>;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Longest log that is kept; the counts go on. */
const MAX_CALLS = 50_000;

/** Remembers every call, so that tests can ask what was really sent. */
export class CallLog {
  private readonly log: Call[] = [];
  private total = 0;
  private readonly services = new Map<string, number>();
  private readonly operations = new Map<string, number>();
  private readonly statuses = new Map<string, number>();

  add(call: Call): void {
    this.total += 1;
    count(this.services, call.service);
    count(this.operations, call.operation);
    count(this.statuses, String(call.status));
    this.log.push(call);
    if (this.log.length > MAX_CALLS) this.log.shift();
  }

  /** Empties the log; the counts go on. */
  forget(): void {
    this.log.length = 0;
  }

  /** The newest calls, oldest first. */
  list(): readonly Call[] {
    return this.log;
  }

  counts(): CallCounts {
    return {
      total: this.total,
      byService: Object.fromEntries(this.services),
      byOperation: Object.fromEntries(this.operations),
      byStatus: Object.fromEntries(this.statuses),
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
