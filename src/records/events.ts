import type { AgentEvent } from '../domain/event.ts';
import { AgentEvent as AgentEventSchema } from '../domain/event.ts';
import type { Storage } from './records.ts';

const PROBES = 'Probes';

/** Agents' events: append blobs events/<runId>/<agentId>.jsonl, one JSON object a line. */
export function eventRecords(storage: Storage) {
  return {
    /** Appends events of one agent in the order given. Delivery is at least once: readers drop repeated event ids. */
    async append(runId: string, agentId: string, events: readonly AgentEvent[]): Promise<void> {
      await storage.appendLines(
        path(runId, agentId),
        events.map((event) => JSON.stringify(event)),
      );
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
