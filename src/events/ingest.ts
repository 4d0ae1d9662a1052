import { AgentEvent, PROBE_EVENT_TYPE } from '../domain/event.ts';
import { runPrefix } from '../domain/naming.ts';
import type { Records } from '../records/records.ts';
import type { Services } from '../services.ts';

/**
 * Takes one message of the topic: the agent's event joins its log, its row and, when it announces a resource, the
 * ledger. A message that is not an agent's event throws: after the subscription's last delivery it is dead-lettered,
 * where it is counted and can be looked at.
 * @throws Error naming the fields that were wrong
 */
export async function ingestAgentEvent(message: unknown, services: Services): Promise<void> {
  const records = await services.records();
  const probe = probeId(message);
  if (probe) return records.events.noteProbe(probe);

  const parsed = AgentEvent.safeParse(message);
  if (!parsed.success) {
    const what = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`)
      .join('; ');
    throw new Error(`not an agent's event: ${what}`);
  }
  const event = parsed.data;
  if (!event.agent_id.startsWith(runPrefix(event.run_id))) {
    throw new Error(
      `not an agent's event: agent_id ${event.agent_id} does not belong to run ${event.run_id}`,
    );
  }
  await records.events.append(event.run_id, event.agent_id, [event]);
  await noteInLedger(event, records);
  await records.agents.save(event.run_id, event.agent_id, {
    lastHeardAt: event.timestamp,
    ...(event.event_type === 'heartbeat' ? {} : { lastMessage: event.message.slice(0, 500) }),
    ...(event.event_type === 'agent_completed' ? { announcedEndAt: event.timestamp } : {}),
  });
}

function probeId(message: unknown): string | undefined {
  if (
    message === null ||
    typeof message !== 'object' ||
    !('event_type' in message) ||
    !('event_id' in message)
  )
    return undefined;
  return message.event_type === PROBE_EVENT_TYPE ? String(message.event_id) : undefined;
}

/** An agent may announce only what lies in its own group: an announcement becomes a reason to delete. */
async function noteInLedger(event: AgentEvent, { ledger }: Records): Promise<void> {
  const {
    run_id: runId,
    agent_id: agentId,
    resource_id: id,
    resource_type: resourceType,
    timestamp: at,
  } = event;
  const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)\//i.exec(id ?? '')?.[1];
  if (!id || group?.toLowerCase() !== agentId.toLowerCase()) return;
  const type = resourceType ? { resourceType } : {};
  if (event.event_type === 'resource_created') {
    await ledger.note(runId, 'resource', id, { agentId, source: 'agent', state: 'created', at, ...type });
  }
  if (event.event_type === 'resource_deleted') {
    await ledger.note(runId, 'resource', id, {
      agentId,
      state: 'deleted',
      removedAt: at,
      removedBy: 'agent',
    });
  }
}
