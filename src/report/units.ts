/** "1 agent", "5 agents"; `plural` only for nouns that do not take an s. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? noun : plural}`;
}

/** "a", "a and b", "a, b and c". */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A length of time in the two largest units that matter: 45 s, 1 min 5 s, 12 min, 8 h 5 min, 2 d 3 h. */
export function durationWords(totalSeconds: number): string {
  const seconds = Math.max(0, Math.round(totalSeconds));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return pair(Math.floor(minutes / 1_440), 'd', Math.floor((minutes % 1_440) / 60), 'h');
}

/** A length of time for a sentence: seconds are dropped above a minute, minutes kept. */
export function roughDuration(totalSeconds: number): string {
  return durationWords(totalSeconds < 60 ? totalSeconds : Math.round(totalSeconds / 60) * 60);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Seconds between two instants; 0 when one of them is not an instant or they are the wrong way round. */
export function secondsBetween(from: string, to: string): number {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

export type ClockPrecision = 'minute' | 'second';

/** The UTC time of day, 14:32 or 14:32:05. What is not an instant comes back unchanged, so that nothing is hidden. */
export function clock(instant: string, precision: ClockPrecision = 'minute'): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return instant;
  return new Date(time).toISOString().slice(11, precision === 'second' ? 19 : 16);
}

/** The UTC day, 21 Nov 2026. What is not an instant comes back unchanged. */
export function day(instant: string): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return instant;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(time);
}

/** The UTC time of day, with the day in front when it is not the day of `reference`: 14:32 UTC, 22 Nov 2026 02:10 UTC. */
export function momentWords(instant: string, reference: string): string {
  const time = `${clock(instant)} UTC`;
  return day(instant) === day(reference) ? time : `${day(instant)} ${time}`;
}
