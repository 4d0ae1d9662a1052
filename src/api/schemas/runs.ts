import { z } from 'zod';
import { AgentInfo } from './agents.ts';
import { LeftoverInfo } from './cleanup.ts';
import { Instant, InstantParameter, NextCursor, Page, plainText } from './common.ts';

const RunStatus = z.enum(['running', 'completed', 'completed_with_failures', 'failed', 'stopped']);
const CleanupStatus = z.enum(['pending', 'verified', 'leftovers', 'unknown', 'not_needed']);

/** `from` and `to` are about the start of a run; `to` is exclusive. */
export const RunsQuery = z.object({
  status: RunStatus.optional(),
  from: InstantParameter.optional(),
  to: InstantParameter.optional(),
  ...Page,
});

export const RunSummary = z
  .object({
    run_id: z.string(),
    trigger: z.string(),
    status: RunStatus,
    cleanup_status: CleanupStatus,
    phase: z.string(),
    started_at: Instant,
    scheduled_end_at: Instant.nullable(),
    completed_at: Instant.nullable(),
    scenarios: z.array(z.string()),
    seed: z.string().nullable(),
    resources_created: z.int().nullable(),
    leaked_resources: z.int().nullable(),
    clean_seconds: z.number().nullable(),
    estimated_cost_usd: z.number().nullable(),
    report_url: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Run' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunsAnswer = z
  .object({ runs: z.array(RunSummary), next_cursor: NextCursor })
  .meta({ id: 'Runs' });
export type RunsAnswer = z.infer<typeof RunsAnswer>;

/** What one source that can see leftovers said in the last round of the clean-up. */
const EvidenceInfo = z.object({
  source: z.string(),
  asked_at: Instant,
  outcome: z.enum(['answered', 'failed']),
  found: z.int(),
  detail: z.string().nullable(),
});

/** GET api/v1/runs/{id}: one whole run. */
export const RunDetail = RunSummary.extend({
  live: z.boolean(),
  phases: z.array(z.object({ phase: z.string(), started_at: Instant, ended_at: Instant.nullable() })),
  agents: z.array(AgentInfo),
  checks: z.array(
    z.object({ name: z.string(), passed: z.boolean(), detail: z.string(), advice: z.string().nullable() }),
  ),
  cleanup: z.object({
    status: CleanupStatus,
    rounds: z.int(),
    verdict: z.string().nullable(),
    evidence: z.array(EvidenceInfo),
    leftovers: z.array(LeftoverInfo),
  }),
}).meta({ id: 'RunDetail' });
export type RunDetail = z.infer<typeof RunDetail>;

export const ReportQuery = z.object({ format: z.enum(['json', 'html']).default('json') });

export const StopBody = z.object({ reason: plainText(1, 500).optional() }).meta({ id: 'Stop' });

export const StopAnswer = z
  .object({ run_id: z.string(), status: z.literal('stopping'), status_url: z.string() })
  .meta({ id: 'Stopping' });
export type StopAnswer = z.infer<typeof StopAnswer>;
