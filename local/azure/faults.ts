import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { azureError, type Reply } from './core.ts';

/**
 * A failure to play instead of, or after, the real answer.
 * - `status`: answer with this status, error code and headers; nothing is done.
 * - `reset`: cut the connection; nothing is done.
 * - `timeout`: stay silent for `ms`, then cut the connection; nothing is done.
 * - `lostAnswer`: do what was asked, then cut the connection.
 */
export const FaultSpec = z.strictObject({
  /** Regular expression on "METHOD host/path", case-insensitive; the query is not part of it. */
  match: z.string().min(1),
  kind: z.enum(['status', 'reset', 'timeout', 'lostAnswer']),
  status: z.number().int().min(400).max(599).default(503),
  code: z.string().default('ServiceUnavailable'),
  message: z.string().default('Injected by the stand-in.'),
  headers: z.record(z.string(), z.string()).default({}),
  ms: z.number().int().positive().default(30_000),
  /** Requests to hit; without it the fault lasts until it is removed. */
  times: z.number().int().positive().optional(),
  /** Matching requests to let through first. */
  after: z.number().int().nonnegative().default(0),
});
export type FaultSpec = z.infer<typeof FaultSpec>;

export interface Fault extends FaultSpec {
  readonly id: string;
  readonly hits: number;
}

interface ActiveFault {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly pattern: RegExp;
  seen: number;
  hits: number;
}

/** The failures that are armed at the moment. */
export class Faults {
  private readonly active: ActiveFault[] = [];
  private nextId = 1;

  /** Arms a fault and returns its id; throws a ZodError or SyntaxError when the description is wrong. */
  add(spec: z.input<typeof FaultSpec>): string {
    const parsed = FaultSpec.parse(spec);
    const id = String(this.nextId++);
    this.active.push({ id, spec: parsed, pattern: new RegExp(parsed.match, 'i'), seen: 0, hits: 0 });
    return id;
  }

  /** Removes one fault, or all of them without an id. */
  remove(id?: string): void {
    for (let i = this.active.length - 1; i >= 0; i--) {
      if (id === undefined || this.active[i]?.id === id) this.active.splice(i, 1);
    }
  }

  list(): Fault[] {
    return this.active.map((fault) => ({ ...fault.spec, id: fault.id, hits: fault.hits }));
  }

  /** The fault to play for "METHOD host/path", if any; counts the hit. */
  take(target: string): FaultSpec | undefined {
    for (const fault of this.active) {
      if (!fault.pattern.test(target)) continue;
      fault.seen += 1;
      if (fault.seen <= fault.spec.after) continue;
      if (fault.spec.times !== undefined && fault.hits >= fault.spec.times) continue;
      fault.hits += 1;
      return fault.spec;
    }
    return undefined;
  }
}

/** The faulty answer over HTTP; undefined when the connection is to be cut. */
export async function playFault(fault: FaultSpec): Promise<Reply | undefined> {
  switch (fault.kind) {
    case 'status':
      return azureError(fault.status, fault.code, fault.message, fault.headers);
    case 'timeout':
      await delay(fault.ms, undefined, { ref: false });
      return undefined;
    case 'reset':
    case 'lostAnswer':
      return undefined;
  }
}
