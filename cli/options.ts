import { InvalidArgumentError } from 'commander';
import { durationSeconds } from '../src/domain/duration.ts';

/** Parses a whole number of at least `least` and at most `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** Hours of a duration: 8, 8h, 90m, 1d, or ISO 8601 such as PT1H30M; between the 1 and 24 that the app allows. */
export function durationHours(text: string): number {
  const hours = spanSeconds(text) ?? (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 3_600 : undefined);
  if (hours !== undefined && hours >= 3_600 && hours <= 86_400) return hours / 3_600;
  throw new InvalidArgumentError('Expected 1 to 24 hours, such as 8h, 90m or PT1H30M.');
}

/** An instant as ISO 8601 of a time (ISO) or of how long ago it is: 15m, 2h, 1d. */
export function since(text: string, now = Date.now()): string {
  const seconds = spanSeconds(text);
  const at = seconds === undefined ? Date.parse(text) : now - seconds * 1_000;
  if (!Number.isNaN(at) && (seconds !== undefined || /^\d{4}-\d{2}-\d{2}/.test(text))) {
    return new Date(at).toISOString();
  }
  throw new InvalidArgumentError(
    'Expected how long ago (15m, 2h, 1d) or a time such as 2026-11-21T06:00:00Z.',
  );
}

/** Adds key=value to what earlier --tag options have given. */
export function tag(text: string, tags: Record<string, string> = {}): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (!key || value === undefined) throw new InvalidArgumentError('Expected key=value.');
  return { ...tags, [key]: value };
}

/** Adds a value to those of earlier options of the same name; commas separate too. */
export function several(text: string, values: readonly string[] = []): string[] {
  const given = text.split(',').map((each) => each.trim());
  if (given.some((each) => each === '')) throw new InvalidArgumentError('Expected a name.');
  return [...values, ...given];
}

/** A period such as 7d, 30d, 90d. */
export function period(text: string): string {
  if (/^[1-9]\d{0,2}d$/.test(text)) return text;
  throw new InvalidArgumentError('Expected days, such as 7d, 30d or 90d.');
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function spanSeconds(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (amount && unit) return Number(amount) * (UNITS[unit] ?? 0);
  return durationSeconds(text.toUpperCase());
}
