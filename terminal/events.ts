const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SECOND_MS = 1_000;

/** How many events the agents have sent, second by second. */
export interface EventHistory {
  readonly total: number;
  readonly errors: number;
  /** Events by second since the epoch. */
  readonly perSecond: ReadonlyMap<number, number>;
}

export const NO_EVENTS: EventHistory = { total: 0, errors: 0, perSecond: new Map() };

/** A line of an agent's log, as far as it is counted. */
export interface EventLine {
  /** ISO 8601 */
  readonly timestamp: string;
  readonly level: string;
}

/** The history with more events in it. Pure. */
export function addEvents(history: EventHistory, lines: readonly EventLine[]): EventHistory {
  if (lines.length === 0) return history;
  const perSecond = new Map(history.perSecond);
  for (const { timestamp } of lines) {
    const second = Math.floor(Date.parse(timestamp) / SECOND_MS);
    if (!Number.isNaN(second)) perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  const errors = lines.filter(({ level }) => level === 'ERROR' || level === 'CRITICAL').length;
  return { total: history.total + lines.length, errors: history.errors + errors, perSecond };
}

/** Numbers as bars of eight heights, the largest full; none is a space. Pure. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values
    .map((value) => (value === 0 ? ' ' : BARS[Math.ceil((value / most) * BARS.length) - 1]))
    .join('');
}

/** The events from `from` to `to` (milliseconds since the epoch), counted in so many parts of equal length. Pure. */
export function eventsBetween(history: EventHistory, from: number, to: number, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  const length = Math.max(SECOND_MS, (to - from) / parts);
  for (const [second, n] of history.perSecond) {
    const part = Math.floor((second * SECOND_MS - from) / length);
    // The clocks of the agents are not ours: what is a little early or late still counts.
    const inside = Math.min(parts - 1, Math.max(0, part));
    counts[inside] = (counts[inside] ?? 0) + n;
  }
  return counts;
}
