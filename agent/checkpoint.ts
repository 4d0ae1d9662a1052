import { createHash } from 'node:crypto';
import type { ScenarioPhases } from '../src/scenarios/document.ts';
import type { Spending } from './repair/budget.ts';

/** The tag of the agent's own resource group that holds its checkpoint. */
export const CHECKPOINT_TAG = 'HayMakerProgress';

/** Azure allows no longer tag values (https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources). */
export const LONGEST_TAG_VALUE = 256;
const FORMAT = '2';
const USD = 10_000;

/**
 * How far an agent has come. It is kept as a tag of the agent's resource group: the agent may write there and nowhere
 * else in the platform, the group outlives the container, and the tag is gone together with the group. (A blob would need a
 * right on the platform's storage for every agent; see agent/README.md.)
 */
export interface Checkpoint {
  /** Of the scenario's text: another scenario, another image, is begun anew. */
  readonly fingerprint: string;
  /** Steps of phase 1 that are done. */
  readonly deployed: number;
  /** When phase 2 began, in milliseconds since the epoch; undefined before. */
  readonly operatingSince: number | undefined;
  /** For each step of phase 2: its occurrences that are done or were skipped. */
  readonly consumed: readonly number[];
  /** Steps of phase 3 that are done; undefined before phase 3. */
  readonly cleaned: number | undefined;
  /** Resources that existed by then have been announced. Milliseconds since the epoch. */
  readonly announcedUntil: number;
  /** On repairs. */
  readonly spent: Spending;
}

export function freshCheckpoint(fingerprint: string): Checkpoint {
  return {
    fingerprint,
    deployed: 0,
    operatingSince: undefined,
    consumed: [],
    cleaned: undefined,
    announcedUntil: 0,
    spent: { questions: 0, usd: 0 },
  };
}

/** Eight hex characters that change with every step of a scenario. */
export function fingerprintOf(phases: ScenarioPhases): string {
  return createHash('sha256').update(JSON.stringify(phases)).digest('hex').slice(0, 8);
}

/** The checkpoint as the value of a tag. Throws RangeError when it does not fit: a scenario with hundreds of steps. */
export function encodeCheckpoint(checkpoint: Checkpoint): string {
  const number = (value: number | undefined) => (value === undefined ? '-' : value.toString(36));
  const text = [
    FORMAT,
    checkpoint.fingerprint,
    number(checkpoint.deployed),
    number(checkpoint.operatingSince),
    checkpoint.consumed.map(number).join('.'),
    number(checkpoint.cleaned),
    number(checkpoint.announcedUntil),
    number(checkpoint.spent.questions),
    number(Math.ceil(checkpoint.spent.usd * USD)),
  ].join('_');
  if (text.length > LONGEST_TAG_VALUE) {
    throw new RangeError(`The checkpoint has ${text.length} characters; a tag holds ${LONGEST_TAG_VALUE}.`);
  }
  return text;
}

/** Reads a tag's value; undefined when there is none or it belongs to another scenario or format. */
export function decodeCheckpoint(text: string | undefined, fingerprint: string): Checkpoint | undefined {
  const [format, of, deployed, operatingSince, consumed, cleaned, announcedUntil, questions, usd] =
    text?.split('_') ?? [];
  if (format !== FORMAT || of !== fingerprint) return undefined;
  const number = (field: string | undefined) =>
    field === undefined || !/^[0-9a-z]+$/.test(field) ? undefined : Number.parseInt(field, 36);
  return {
    fingerprint,
    deployed: number(deployed) ?? 0,
    operatingSince: number(operatingSince),
    consumed: consumed ? consumed.split('.').map((field) => number(field) ?? 0) : [],
    cleaned: number(cleaned),
    announcedUntil: number(announcedUntil) ?? 0,
    spent: { questions: number(questions) ?? 0, usd: (number(usd) ?? 0) / USD },
  };
}
