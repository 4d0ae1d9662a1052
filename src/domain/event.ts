import { z } from 'zod';

export const EventType = z.enum([
  'agent_started',
  'heartbeat',
  'operation',
  'resource_created',
  'resource_deleted',
  'cleanup_complete',
  'agent_completed',
  'error',
]);
export type EventType = z.infer<typeof EventType>;

/** What an agent says, one JSON object a Service Bus message. Unknown fields are dropped. */
export const AgentEvent = z.object({
  event_type: EventType,
  event_id: z.string().min(1).max(64),
  timestamp: z.iso.datetime({ offset: true }),
  run_id: z.string().min(1).max(100),
  agent_id: z.string().min(1).max(64),
  scenario: z.string().min(1).max(64),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string().max(8_192),
  resource_id: z.string().max(2_048).optional(),
  resource_type: z.string().max(256).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type AgentEvent = z.infer<typeof AgentEvent>;

/** `validate_environment_activity` sends this to prove the round trip; ingestion swallows it. */
export const PROBE_EVENT_TYPE = 'haymaker_probe';
