import type { AgentEvent } from '../domain/event.ts';
import { AgentEvent as AgentEventSchema } from '../domain/event.ts';
import { Recent } from './recent.ts';
import type { Storage } from './records.ts';

const PROBES = 'Probes';
/** Ids of events that this process has written: what comes again after a failure further on is not written again. */
const REMEMBERED = 50_000;
const UNREADABLE = 'unreadable';
const LONGEST_PARKED = 64 * 1024;

/** A message of the topic that is not an agent's event, and why. */
export interface Unreadable {
  readonly why: string;
  readonly message: unknown;
}

/**
 * Agents' events: append blobs events/<runId>/<agentId>.jsonl, one JSON object a line. Messages that are none:
 * events/unreadable/<day>.jsonl.
 */
export function eventRecords(storage: Storage) {
  const written = new Recent(REMEMBERED);

  return {
    /**
     * Appends events of one agent in the order given. Delivery is at least once: an event that this process has written
     * is left out, and readers drop repeated event ids.
     */
    async append(runId: string, agentId: string, events: readonly AgentEvent[]): Promise<void> {
      const key = ({ event_id }: AgentEvent) => `${agentId}/${event_id}`;
      const unique = new Map(
        events.filter((event) => !written.has(key(event))).map((event) => [key(event), event]),
      );
      if (unique.size === 0) return;
      await storage.appendLines(
        path(runId, agentId),
        [...unique.values()].map((event) => JSON.stringify(event)),
      );
      for (const one of unique.keys()) written.add(one);
    },

    /** Keeps messages that could not be read, to be looked at. Of a very long one the beginning. */
    async park(messages: readonly Unreadable[], at: string): Promise<void> {
      if (messages.length === 0) return;
      const lines = messages.map(({ why, message }) => {
        const text = typeof message === 'string' ? message : (JSON.stringify(message) ?? '');
        return JSON.stringify({ at, why, message: text.slice(0, LONGEST_PARKED) });
      });
      await storage.appendLines(`${UNREADABLE}/${at.slice(0, 10)}.jsonl`, lines);
    },

    /** The messages that were parked on a day (such as 2026-11-21), in the order in which they came. */
    async parked(day: string): Promise<{ at: string; why: string; message: string }[]> {
      const lines = await storage.readLines(`${UNREADABLE}/${day}.jsonl`);
      return lines.map((line) => JSON.parse(line));
    },

    /** The events of one agent in time order, each once. */
    async ofAgent(runId: string, agentId: string): Promise<AgentEvent[]> {
      const seen = new Map<string, AgentEvent>();
      for (const line of await storage.readLines(path(runId, agentId))) {
        const event = AgentEventSchema.parse(JSON.parse(line));
        seen.set(event.event_id, event);
      }
      return [...seen.values()].sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
    },

    /** Validation sends a probe through the topic; ingestion notes it here. */
    async noteProbe(probeId: string): Promise<void> {
      await storage.upsert(PROBES, { partitionKey: 'probe', rowKey: probeId });
    },

    /** True once the probe came through. A probe is looked up by the one that sent it, who then removes it. */
    async takeProbe(probeId: string): Promise<boolean> {
      if (!(await storage.get(PROBES, 'probe', probeId))) return false;
      await storage.remove(PROBES, 'probe', probeId);
      return true;
    },
  };
}

function path(runId: string, agentId: string): string {
  return `${runId}/${agentId}.jsonl`;
}
