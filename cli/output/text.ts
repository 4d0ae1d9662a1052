import { printable } from '../../terminal/text.ts';
import type { Colours } from '../../terminal/theme.ts';

export { clip, count, printable } from '../../terminal/text.ts';
export type { Colours } from '../../terminal/theme.ts';

/** "2026-11-21 06:00:03", in UTC; "-" for none; what is no time as it came. */
export function instant(iso: string | null | undefined): string {
  if (!iso) return '-';
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? printable(iso) : at.toISOString().slice(0, 19).replace('T', ' ');
}

/** 65_000 -> "1 min", 7_500_000 -> "2 h 5 min", 90_000_000 -> "25 h", under a minute in seconds. */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours < 24 && minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

/** "2026-11-21 06:00:03 (2 h ago)" or "(in 5 h)"; "-" for none. */
export function instantFromNow(iso: string | null | undefined, now: number): string {
  if (!iso || Number.isNaN(Date.parse(iso))) return instant(iso);
  const away = Date.parse(iso) - now;
  return `${instant(iso)} (${away > 0 ? `in ${span(away)}` : `${span(away)} ago`})`;
}

const GOOD = new Set(['completed', 'verified', 'healthy', 'pass', 'succeeded', 'deleted', 'created', 'ok']);
const BAD = new Set(['failed', 'error', 'leftovers', 'unhealthy', 'fail', 'lost', 'critical']);
const DOUBTFUL = new Set(['unknown', 'degraded', 'completed_with_failures', 'stopped', 'warn', 'warning']);

/** A state in its colour: green for good, red for bad, yellow for doubtful. */
export function coloured(state: string, colours: Colours): string {
  const text = printable(state);
  const word = text.toLowerCase();
  if (GOOD.has(word)) return colours.green(text);
  if (BAD.has(word)) return colours.red(text);
  if (DOUBTFUL.has(word)) return colours.yellow(text);
  return text === 'running' || text === 'queued' ? colours.cyan(text) : text;
}
