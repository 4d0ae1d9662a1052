import { addSeconds } from '../domain/duration.ts';

/** All that is known of a run when the janitor decides about it. Times are ISO 8601. */
export interface Suspect {
  readonly runId: string;
  /** The engine runs it, a part of it, or its clean-up. */
  readonly alive: boolean;
  /** The janitor is at it already. */
  readonly closing: boolean;
  /** Our books or the engine have ever heard of it. */
  readonly known: boolean;
  readonly expiresOn?: string | undefined;
  /** When the janitor first saw it without anything alive behind it. */
  readonly firstSeenAt?: string | undefined;
}

export interface Patience {
  readonly now: string;
  /** Between the first sighting and removal. */
  readonly patienceSeconds: number;
  /** After ExpiresOn, for a run that nobody here knows: it may be another installation's, cleaning up. */
  readonly graceSeconds: number;
}

export type Verdict =
  | { readonly action: 'leave'; readonly why: 'alive' | 'overdue' | 'closing' | 'lease' }
  | { readonly action: 'note' }
  | { readonly action: 'wait'; readonly until: string }
  | { readonly action: 'remove' };

/**
 * What to do about a run. Alive: nothing, however late it is. Dead: noted when it is first seen, removed when it is seen
 * again after the patience. A run that neither books nor engine know keeps its things until its lease (ExpiresOn and
 * grace) is over: the task hub may have been wiped, but the run may as well belong to another installation.
 */
export function judge(suspect: Suspect, { now, patienceSeconds, graceSeconds }: Patience): Verdict {
  const { alive, closing, known, expiresOn, firstSeenAt } = suspect;
  const isPast = (time: string) => Date.parse(time) <= Date.parse(now);
  const leaseOver = expiresOn === undefined || isPast(addSeconds(expiresOn, graceSeconds));
  if (closing) return { action: 'leave', why: 'closing' };
  if (alive) return { action: 'leave', why: expiresOn !== undefined && leaseOver ? 'overdue' : 'alive' };
  if (!known && !leaseOver) return { action: 'leave', why: 'lease' };
  if (firstSeenAt === undefined) return { action: 'note' };
  const until = addSeconds(firstSeenAt, patienceSeconds);
  return isPast(until) ? { action: 'remove' } : { action: 'wait', until };
}
