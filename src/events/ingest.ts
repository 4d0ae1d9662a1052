import pLimit from 'p-limit';
import { Blocked, ensureError, Rejected } from '../domain/errors.ts';
import type { AgentEvent } from '../domain/event.ts';
import type { Unreadable } from '../records/events.ts';
import type { Records } from '../records/records.ts';
import type { Services } from '../services.ts';
import { type AgentEvents, agentChange, byAgent, ledgerNotes } from './effects.ts';
import { readMessage } from './readMessage.ts';

const CONCURRENT_LOGS = 16;

/** What became of a batch. */
export interface Ingested {
  readonly events: number;
  /** Messages that are not agents' events, or that the storage refuses: kept, never dropped. */
  readonly parked: readonly Unreadable[];
}

/**
 * Takes a batch of the topic's messages: the events join their agents' logs in the order in which they came, then the
 * agents' rows and, where they announce resources, the ledger, each in as few requests as the storage allows. A message
 * that cannot be read is parked and does not hold up its neighbours.
 * @throws when the storage does not answer: then the whole batch comes again, and what was written is written in place
 */
export async function ingestAgentEvents(messages: readonly unknown[], services: Services): Promise<Ingested> {
  const records = await services.records();
  const events: AgentEvent[] = [];
  const unreadable: Unreadable[] = [];
  for (const message of messages) {
    const reading = readMessage(message);
    switch (reading.kind) {
      case 'event':
        events.push(reading.event);
        break;
      case 'probe':
        await records.events.noteProbe(reading.probeId);
        break;
      case 'unreadable':
        unreadable.push({ why: reading.why, message });
        break;
    }
  }
  const { written, refused } = await appendToLogs(byAgent(events), records);
  const parked = [...unreadable, ...refused];
  await Promise.all([
    records.events.park(parked, new Date().toISOString()),
    records.agents.saveAll(
      written.map(({ runId, agentId, events }) => ({ runId, agentId, change: agentChange(events) })),
    ),
    records.ledger.noteAll(written.flatMap(({ events }) => events.flatMap(ledgerNotes))),
  ]);
  return { events: messages.length - parked.length, parked };
}

/** Agents are independent: what the storage refuses of one is parked, and the others' events are written. */
async function appendToLogs(
  groups: readonly AgentEvents[],
  records: Records,
): Promise<{ written: AgentEvents[]; refused: Unreadable[] }> {
  const written: AgentEvents[] = [];
  const refused: Unreadable[] = [];
  const limit = pLimit(CONCURRENT_LOGS);
  await Promise.all(
    groups.map((group) =>
      limit(async () => {
        try {
          await records.events.append(group.runId, group.agentId, group.events);
          written.push(group);
        } catch (error) {
          if (!(error instanceof Rejected || error instanceof Blocked)) throw error;
          const why = ensureError(error).message;
          refused.push(...group.events.map((message) => ({ why, message })));
        }
      }),
    ),
  );
  return { written, refused };
}
