import { z } from 'zod';
import { Id, Instant, InstantParameter, integerParameter, NextCursor, Page } from './common.ts';

export const AgentStatus = z.enum(['running', 'completed', 'failed']);
export type AgentStatus = z.infer<typeof AgentStatus>;

export const AgentsQuery = z.object({
  status: AgentStatus.optional(),
  run_id: Id.optional(),
  ...Page,
});

/** `status` is what the old CLI knows; `state` is the whole truth. */
export const AgentInfo = z
  .object({
    agent_id: z.string(),
    run_id: z.string(),
    scenario: z.string(),
    status: AgentStatus,
    state: z.string(),
    started_at: Instant,
    completed_at: Instant.nullable(),
    progress: z.string().nullable(),
    error: z.string().nullable(),
    title: z.string(),
    area: z.string(),
    last_event_at: Instant.nullable(),
    operations: z.int(),
  })
  .meta({ id: 'Agent' });
export type AgentInfo = z.infer<typeof AgentInfo>;

export const AgentsAnswer = z
  .object({ agents: z.array(AgentInfo), next_cursor: NextCursor })
  .meta({ id: 'Agents' });

/** `since` and `cursor` exclude one another: the first goes by time, the second by position, which misses nothing. */
export const LogsQuery = z.object({
  tail: integerParameter({ min: 1, max: 10_000, fallback: 100 }),
  since: InstantParameter.optional(),
  follow: z.enum(['true', 'false']).default('false'),
  cursor: Page.cursor,
});

export const LogLine = z
  .object({
    timestamp: Instant,
    level: z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']),
    message: z.string(),
    agent_id: z.string(),
    scenario: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    source: z.literal('agent'),
    event_id: z.string(),
    event_type: z.string(),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof LogLine>;

/** `next_since` is the time of the newest line; `next_cursor` its position, for going on exactly there. */
export const LogsAnswer = z
  .object({ logs: z.array(LogLine), next_since: Instant.nullable(), next_cursor: z.string() })
  .meta({ id: 'Logs' });
export type LogsAnswer = z.infer<typeof LogsAnswer>;
