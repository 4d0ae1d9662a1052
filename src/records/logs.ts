import { AgentEvent } from '../domain/event.ts';
import { type Line, linesBetween, NEWLINE, type Position } from './logLines.ts';
import type { Storage } from './records.ts';

const FIRST_READ = 64 * 1024;
const LARGEST_READ = 4 * 1024 * 1024;

/** An event of an agent's log, and where the log goes on after it. */
export interface LoggedEvent {
  readonly event: AgentEvent;
  readonly end: Position;
}
export interface LogPart {
  readonly events: readonly LoggedEvent[];
  /** Where to go on. */
  readonly end: Position;
}

/** Agents' logs, read from the end or from a position: never the whole blob. */
export function logRecords(storage: Storage) {
  return {
    /** The last `count` events, in the order in which they came, each once. */
    async tail(runId: string, agentId: string, count: number): Promise<LogPart> {
      const path = logPath(runId, agentId);
      const sizes = await storage.partSizes(path);
      let lines: Line[] = [];
      for (let part = sizes.length - 1; part >= 0 && lines.length < count; part -= 1) {
        lines = [...(await lastLines(storage, path, part, sizes[part] ?? 0, count - lines.length)), ...lines];
      }
      return { events: eventsOf(lines.slice(-count)), end: endOf(sizes) };
    },

    /** At most `count` events after a position, in the order in which they came, each once. */
    async after(runId: string, agentId: string, from: Position, count: number): Promise<LogPart> {
      const path = logPath(runId, agentId);
      const sizes = await storage.partSizes(path);
      const lines: Line[] = [];
      for (let part = from.part; part < sizes.length && lines.length < count; part += 1) {
        const size = sizes[part] ?? 0;
        let offset = part === from.part ? from.offset : 0;
        while (offset < size && lines.length < count) {
          const piece = await nextLines(storage, path, { part, offset }, size);
          const last = piece.at(-1);
          if (!last) break;
          lines.push(...piece);
          offset = last.end.offset;
        }
      }
      const taken = lines.slice(0, count);
      return { events: eventsOf(taken), end: taken.at(-1)?.end ?? from };
    },
  };
}

/** The lines at the end of a part, read backwards in growing pieces until there are enough. */
async function lastLines(
  storage: Storage,
  path: string,
  part: number,
  size: number,
  count: number,
): Promise<Line[]> {
  for (let length = FIRST_READ; size > 0; length *= 4) {
    const offset = Math.max(0, size - length);
    const bytes = await storage.readPart(path, part, offset, size - offset);
    // What is before the first newline of a piece is the end of a line that began earlier.
    const begin = offset === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    const lines = linesBetween(bytes.subarray(begin), { part, offset: offset + begin });
    if (offset === 0 || lines.length >= count) return lines.slice(-count);
  }
  return [];
}

/** The next lines of a part: a piece of it, larger when one line is larger. */
async function nextLines(storage: Storage, path: string, from: Position, size: number): Promise<Line[]> {
  for (let length = FIRST_READ * 4; from.offset < size; length *= 4) {
    const bytes = await storage.readPart(path, from.part, from.offset, Math.min(length, size - from.offset));
    const lines = linesBetween(bytes, from);
    if (lines.length > 0 || length >= LARGEST_READ) return lines;
  }
  return [];
}

/** Delivery is at least once: of events with the same id the first stays. */
function eventsOf(lines: readonly Line[]): LoggedEvent[] {
  const seen = new Map<string, LoggedEvent>();
  for (const { text, end } of lines) {
    const event = AgentEvent.parse(JSON.parse(text));
    if (!seen.has(event.event_id)) seen.set(event.event_id, { event, end });
  }
  return [...seen.values()];
}

function endOf(sizes: readonly number[]): Position {
  return sizes.length === 0 ? { part: 0, offset: 0 } : { part: sizes.length - 1, offset: sizes.at(-1) ?? 0 };
}

function logPath(runId: string, agentId: string): string {
  return `${runId}/${agentId}.jsonl`;
}
