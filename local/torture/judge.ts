import type { Case } from './cases.ts';

/** Something that the stand-in still has; its own words. */
export interface Left {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** What a run said at its end. */
export interface Said {
  readonly status: string;
  readonly cleanupStatus: string;
  /** Ids that its report lists as not removed, or as quarantined. */
  readonly named: readonly string[];
  /** What its report says went wrong. */
  readonly errors: readonly string[];
  /** Sources of its last round that did not answer. */
  readonly blind: readonly string[];
}

/** Everything that was seen of a case. */
export interface Observation {
  readonly case: Case;
  readonly runId: string;
  /** The instance's runtime status; `stuck` when it did not end in time. */
  readonly ended: string;
  /** Undefined when the run ended without an answer of its own. */
  readonly said?: Said;
  /** The engine's words for a run that broke off. */
  readonly failure?: string;
  /** What the cloud had when the run had ended. */
  readonly leftAfterRun: readonly Left[];
  /** What the cloud had after the fault was lifted and the janitor had been. */
  readonly leftInTheEnd: readonly Left[];
  /** Things that were made more than once. */
  readonly doubles: readonly string[];
  /** How often the fault was played; undefined in cases without one. */
  readonly hits?: number;
  readonly secondsToClean: number;
  readonly totalSeconds: number;
  /** What went wrong with the case itself: a service that died, a request that was refused. */
  readonly broken?: string;
}

export interface Verdict {
  readonly leak: boolean;
  readonly falseClean: boolean;
  readonly double: boolean;
  readonly stuck: boolean;
  /** The run ended by itself, not clean, and did not say what is left or which source was blind. */
  readonly silent: boolean;
  readonly broken: boolean;
}

/** What a case proves. A run may fail and may leave things for the janitor, but it may neither lie nor be silent. */
export function judge(seen: Observation): Verdict {
  const { said, leftAfterRun: left } = seen;
  const saysClean = said?.cleanupStatus === 'verified' || said?.cleanupStatus === 'not_needed';
  return {
    leak: seen.leftInTheEnd.length > 0,
    falseClean: saysClean && left.some((thing) => !isNamedByError(thing, said)),
    double: seen.doubles.length > 0,
    stuck: seen.ended === 'stuck',
    silent: isSilent(seen, saysClean),
    broken: seen.broken !== undefined,
  };
}

export function failed(verdict: Verdict): boolean {
  return Object.values(verdict).some(Boolean);
}

/** A validation that failed makes nothing, but for its own probe when that cannot be removed: the failed check names it. */
function isNamedByError({ name }: Left, said: Said): boolean {
  return said.cleanupStatus === 'not_needed' && said.errors.some((message) => message.includes(name));
}

/** Somebody who looks at a run that is not clean must learn why; one that was terminated was ended by them. */
function isSilent({ ended, said, failure, leftAfterRun }: Observation, saysClean: boolean): boolean {
  if (said) return !saysClean && !isAccountedFor(said, leftAfterRun);
  return ended === 'Failed' && failure === undefined;
}

/** Everything left is named, by itself or by what it lies in; what a blind source hides is named by the source. */
function isAccountedFor(said: Said, left: readonly Left[]): boolean {
  if (said.blind.length > 0) return true;
  const named = said.named.map((id) => id.toLowerCase());
  return left.every(({ id, name }) =>
    named.some((known) => {
      const key = id.toLowerCase();
      return key === known || key.startsWith(`${known}/`) || name.toLowerCase() === known;
    }),
  );
}
