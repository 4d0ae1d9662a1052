import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceBusClient } from '@azure/service-bus';
import { createCredentials } from '../../src/azure/credential.ts';
import type { AgentEvent } from '../../src/domain/event.ts';
import { EVENTS_TOPIC } from '../../src/domain/topic.ts';
import { input } from './records.ts';

export interface SendEvents {
  readonly runId: string;
  readonly agents: readonly string[];
  readonly perAgent: number;
  /** Events a second in all; as fast as they are taken when left out. */
  readonly perSecond?: number;
  /** The same time in every event: then a log shows them in the order in which they were written. */
  readonly timestamp?: string;
}
export interface Sent {
  readonly seconds: number;
}

const SLICE_MS = 50;

const { runId, agents, perAgent, perSecond, timestamp } = input<SendEvents>();
const client = new ServiceBusClient(
  process.env.SERVICE_BUS_NAMESPACE ?? '',
  createCredentials({}).app,
  process.env.SERVICE_BUS_ENDPOINT ? { customEndpointAddress: process.env.SERVICE_BUS_ENDPOINT } : {},
);
const sender = client.createSender(EVENTS_TOPIC);
const total = agents.length * perAgent;
const startedAt = Date.now();
for (let next = 0; next < total; ) {
  const due =
    perSecond === undefined ? total : Math.min(total, ((Date.now() - startedAt) / 1_000) * perSecond);
  const batch = await sender.createMessageBatch();
  // Agents take turns, as they do in a run: no batch is one agent's.
  for (; next < due; next += 1) {
    const body = event(agents[next % agents.length] ?? '', Math.floor(next / agents.length));
    if (!batch.tryAddMessage({ body, messageId: body.event_id, contentType: 'application/json' })) break;
  }
  if (batch.count > 0) await sender.sendMessages(batch);
  else await pause(SLICE_MS);
}
await client.close();
console.log(JSON.stringify({ seconds: (Date.now() - startedAt) / 1_000 } satisfies Sent));

function event(agentId: string, seq: number): AgentEvent {
  return {
    event_type: seq % 10 === 0 ? 'heartbeat' : 'operation',
    event_id: `${agentId}-${seq}`,
    timestamp: timestamp ?? new Date().toISOString(),
    run_id: runId,
    agent_id: agentId,
    scenario: agentId.slice(12),
    severity: 'info',
    message: `step ${seq}: az storage blob upload --container-name daily --name report-${seq}.csv --file report.csv`,
    details: { seq },
  };
}
