import { z } from 'zod';
import { Id, Instant, plainText } from './common.ts';

/**
 * POST api/v1/cleanup: of one run, of the runs with one scenario, or, with neither, of every ended run that is not
 * verified clean. `force` stops a run that is live; its own clean-up follows.
 */
export const CleanupBody = z
  .object({
    execution_id: Id.nullish(),
    scenario: plainText(1, 100).nullish(),
    dry_run: z.boolean().default(false),
    force: z.boolean().default(false),
  })
  .meta({ id: 'CleanupRequest' });
export type CleanupBody = z.infer<typeof CleanupBody>;

/** One thing that is left, or that could not be removed. */
export const LeftoverInfo = z
  .object({
    execution_id: z.string(),
    kind: z.string(),
    id: z.string(),
    type: z.string().nullable(),
    agent_id: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Leftover' });
export type LeftoverInfo = z.infer<typeof LeftoverInfo>;

/** `resources` is what a dry run would delete, or what is left when a clean-up has ended. */
export const CleanupAnswer = z
  .object({
    cleanup_id: z.string(),
    status: z.enum(['queued', 'running', 'completed', 'failed']),
    dry_run: z.boolean(),
    resources_found: z.int(),
    resources_deleted: z.int(),
    errors: z.array(z.string()),
    status_url: z.string(),
    created_at: Instant,
    runs: z.array(z.object({ execution_id: z.string(), status: z.string(), verdict: z.string().nullable() })),
    resources: z.array(LeftoverInfo),
  })
  .meta({ id: 'Cleanup' });
export type CleanupAnswer = z.infer<typeof CleanupAnswer>;
