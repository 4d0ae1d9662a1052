import { z } from 'zod';
import { RunTags } from '../../domain/run.ts';
import { Instant, plainText } from './common.ts';

const MAX_SCENARIOS = 5;
const ScenarioName = plainText(1, 100).meta({ example: 'compute-01' });

/** POST api/v1/execute: the old CLI's body (`scenario_name`, `parameters`) or ours. */
export const ExecuteBody = z
  .object({
    scenario_name: ScenarioName.optional(),
    scenarios: z.array(ScenarioName).min(1).max(MAX_SCENARIOS).optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    duration_hours: z.number().min(1).max(24).optional(),
    tags: RunTags.optional(),
    seed: plainText(1, 64).optional(),
  })
  .refine((body) => body.scenario_name !== undefined || body.scenarios !== undefined, {
    path: ['scenarios'],
    message: `name one to ${MAX_SCENARIOS} scenarios (or one in scenario_name)`,
  })
  .meta({ id: 'Execute' });
export type ExecuteBody = z.infer<typeof ExecuteBody>;

export const ExecuteAnswer = z
  .object({
    execution_id: z.string(),
    status: z.literal('queued'),
    status_url: z.string(),
    created_at: Instant,
    scenarios: z.array(z.string()),
    estimated_completion: Instant,
  })
  .meta({ id: 'Queued' });
export type ExecuteAnswer = z.infer<typeof ExecuteAnswer>;

/** GET api/v1/executions/{id}. `completed` only when the clean-up was verified. */
export const ExecutionAnswer = z
  .object({
    execution_id: z.string(),
    scenario_name: z.string(),
    scenarios: z.array(z.string()),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    outcome: z.string().nullable(),
    phase: z.string().nullable(),
    created_at: Instant,
    started_at: Instant.nullable(),
    completed_at: Instant.nullable(),
    scheduled_end_at: Instant.nullable(),
    agent_id: z.string().nullable(),
    progress: z.object({ completed: z.int(), running: z.int(), failed: z.int(), total: z.int() }),
    resources_created: z.int(),
    cleanup_status: z.string(),
    report_url: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Execution' });
export type ExecutionAnswer = z.infer<typeof ExecutionAnswer>;
