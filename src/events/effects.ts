import type { AgentRecord } from '../domain/agent.ts';
import type { AgentEvent } from '../domain/event.ts';
import type { LedgerChange, LedgerEntry } from '../domain/ledger.ts';

const LONGEST_SHOWN = 500;

/** Events of one agent, in the order in which they came. */
export interface AgentEvents {
  readonly runId: string;
  readonly agentId: string;
  readonly events: readonly AgentEvent[];
}

/** Pure: events by agent (whose id tells its run, too); each agent's stay in the order in which they came. */
export function byAgent(events: readonly AgentEvent[]): AgentEvents[] {
  const groups = new Map<string, AgentEvents & { readonly events: AgentEvent[] }>();
  for (const event of events) {
    const { run_id: runId, agent_id: agentId } = event;
    const group = groups.get(agentId) ?? { runId, agentId, events: [] };
    group.events.push(event);
    groups.set(agentId, group);
  }
  return [...groups.values()];
}

/** Pure: what its events change in an agent's row. */
export function agentChange(events: readonly AgentEvent[]): Partial<AgentRecord> {
  const times = events.map(({ timestamp }) => timestamp);
  const lastHeardAt = times.reduce((latest, time) => (Date.parse(time) > Date.parse(latest) ? time : latest));
  const lastSaid = events.findLast(({ event_type }) => event_type !== 'heartbeat');
  const ended = events.findLast(({ event_type }) => event_type === 'agent_completed');
  return {
    lastHeardAt,
    ...(lastSaid ? { lastMessage: lastSaid.message.slice(0, LONGEST_SHOWN) } : {}),
    ...(ended ? { announcedEndAt: ended.timestamp } : {}),
  };
}

/** Pure: what an event changes in the ledger. An agent may announce only what lies in its own group: it is a reason to delete. */
export function ledgerNotes(event: AgentEvent): LedgerChange[] {
  const {
    run_id: runId,
    agent_id: agentId,
    resource_id: id,
    resource_type: resourceType,
    timestamp: at,
  } = event;
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)\//i.exec(id ?? '')?.[1];
  if (!id || group?.toLowerCase() !== agentId.toLowerCase()) return [];
  const note = (change: Partial<LedgerEntry>): LedgerChange[] => [{ runId, kind: 'resource', id, change }];
  switch (event.event_type) {
    case 'resource_created':
      return note({
        agentId,
        source: 'agent',
        state: 'created',
        at,
        ...(resourceType ? { resourceType } : {}),
      });
    case 'resource_deleted':
      return note({ agentId, state: 'deleted', removedAt: at, removedBy: 'agent' });
    default:
      return [];
  }
}
