import { z } from 'zod';
import { Instant } from './common.ts';
import { RunDetail } from './runs.ts';

/** GET api/v1/status. A superset of what the haymaker CLI 0.1.0 reads. */
export const StatusAnswer = z
  .object({
    status: z.enum(['running', 'idle', 'error']),
    health: z.enum(['healthy', 'degraded', 'unhealthy']),
    current_run_id: z.string().nullable(),
    phase: z.string().nullable(),
    active_agents: z.int(),
    started_at: Instant.nullable(),
    scheduled_end_at: Instant.nullable(),
    next_run: Instant.nullable(),
    next_scheduled_run: Instant.nullable(),
    scenarios_count: z.int(),
    scenarios_completed: z.int(),
    scenarios_running: z.int(),
    scenarios_failed: z.int(),
  })
  .meta({ id: 'Status' });
export type StatusAnswer = z.infer<typeof StatusAnswer>;

/** GET api/v1/live: what is going on, and the run that it is about: the current one, or else the newest. */
export const LiveAnswer = z.object({ status: StatusAnswer, run: RunDetail.nullable() }).meta({ id: 'Live' });
export type LiveAnswer = z.infer<typeof LiveAnswer>;

const Verdict = z.enum(['pass', 'fail']);

/** GET health */
export const HealthAnswer = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    version: z.string(),
    checks: z.object({ settings: Verdict, storage: Verdict }),
  })
  .meta({ id: 'Health' });
export type HealthAnswer = z.infer<typeof HealthAnswer>;
