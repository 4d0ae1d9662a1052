import { z } from 'zod';
import { Instant, plainText } from './common.ts';

const MAX_DAYS = 366;

/** `period` is <n>d. */
export const MetricsQuery = z.object({
  period: z
    .string()
    .regex(/^[1-9]\d{0,2}d$/, 'expected a number of days such as 7d, 30d or 90d')
    .refine((text) => Number.parseInt(text, 10) <= MAX_DAYS, `expected at most ${MAX_DAYS}d`)
    .default('7d'),
  scenario: plainText(1, 100).optional(),
});

/** Rates are 0 to 1; null where there is nothing to divide by. */
export const MetricsAnswer = z
  .object({
    total_executions: z.int(),
    active_agents: z.int(),
    total_resources: z.int(),
    success_rate: z.number().min(0).max(1),
    last_execution: Instant.nullable(),
    period: z.string(),
    scenarios: z.array(
      z.object({
        scenario_name: z.string(),
        run_count: z.int(),
        success_count: z.int(),
        fail_count: z.int(),
        avg_duration_hours: z.number().nullable(),
      }),
    ),
    cleanup_success_rate: z.number().min(0).max(1).nullable(),
    leaked_resources: z.int(),
    avg_run_hours: z.number().nullable(),
  })
  .meta({ id: 'Metrics' });
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;
