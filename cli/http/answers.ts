import { z } from 'zod';

/**
 * What the command reads of the app's answers. Everything else is passed on untouched to --format json and yaml, so an app
 * that says more is not a fault; optional is what an older app may leave out.
 */
const text = z.string();
const maybe = z.string().nullish();
const count = z.number().int();
const total = count.nullish();

export const Status = z.looseObject({
  status: text,
  health: maybe,
  current_run_id: maybe,
  phase: maybe,
  active_agents: count.default(0),
  started_at: maybe,
  scheduled_end_at: maybe,
  next_run: maybe,
  scenarios_count: total,
  scenarios_completed: total,
  scenarios_running: total,
  scenarios_failed: total,
});
export type Status = z.infer<typeof Status>;

export const Metrics = z.looseObject({
  total_executions: count,
  active_agents: count,
  total_resources: count,
  success_rate: z.number().nullable(),
  cleanup_success_rate: z.number().nullish(),
  leaked_resources: total,
  last_execution: maybe,
  period: maybe,
  scenarios: z
    .array(
      z.looseObject({
        scenario_name: text,
        run_count: count,
        success_count: count,
        fail_count: count,
        avg_duration_hours: z.number().nullish(),
      }),
    )
    .default([]),
});
export type Metrics = z.infer<typeof Metrics>;

export const Started = z.looseObject({
  execution_id: text,
  status: text,
  created_at: text,
  scenarios: z.array(text).default([]),
  estimated_completion: maybe,
});
export type Started = z.infer<typeof Started>;

export const Execution = z.looseObject({
  execution_id: text,
  scenario_name: maybe,
  scenarios: z.array(text).default([]),
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  /** How the run ended, in the words of a run: completed_with_failures too. */
  outcome: maybe,
  created_at: text,
  started_at: maybe,
  completed_at: maybe,
  error: maybe,
  report_url: maybe,
  phase: maybe,
  progress: z.looseObject({ completed: count, running: count, failed: count, total: count }).nullish(),
  resources_created: total,
  cleanup_status: maybe,
});
export type Execution = z.infer<typeof Execution>;

export const Agent = z.looseObject({
  agent_id: text,
  scenario: text,
  status: text,
  state: maybe,
  started_at: maybe,
  completed_at: maybe,
  progress: maybe,
  error: maybe,
  run_id: maybe,
});
export type Agent = z.infer<typeof Agent>;

export const LogEntry = z.looseObject({
  timestamp: text,
  level: text,
  message: text,
  agent_id: text,
});
export type LogEntry = z.infer<typeof LogEntry>;
export const Logs = z.looseObject({ logs: z.array(LogEntry), next_since: maybe, next_cursor: maybe });

export const Resource = z.looseObject({
  id: text,
  name: text,
  type: text,
  scenario: text,
  execution_id: text,
  created_at: text,
  status: text,
  deleted_at: maybe,
});
export type Resource = z.infer<typeof Resource>;

const Leftover = z.looseObject({ id: text, kind: maybe, type: maybe, reason: maybe });
export type Leftover = z.infer<typeof Leftover>;

export const Cleanup = z.looseObject({
  cleanup_id: text,
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  resources_found: count,
  resources_deleted: count.default(0),
  errors: z.array(text).default([]),
  runs: z.array(z.looseObject({ execution_id: text, status: text, verdict: maybe })).default([]),
  resources: z.array(Leftover).default([]),
});
export type Cleanup = z.infer<typeof Cleanup>;

export const Run = z.looseObject({
  run_id: text,
  status: text,
  cleanup_status: maybe,
  phase: maybe,
  trigger: maybe,
  started_at: maybe,
  scheduled_end_at: maybe,
  completed_at: maybe,
  scenarios: z.array(text).default([]),
  seed: maybe,
  resources_created: total,
  leaked_resources: total,
  error: maybe,
});
export type Run = z.infer<typeof Run>;

export const RunDetail = Run.extend({
  live: z.boolean().nullish(),
  phases: z.array(z.looseObject({ phase: text, started_at: text, ended_at: maybe })).default([]),
  agents: z.array(Agent).default([]),
  checks: z
    .array(z.looseObject({ name: text, passed: z.boolean(), detail: maybe, advice: maybe }))
    .default([]),
  cleanup: z
    .looseObject({
      rounds: count,
      verdict: maybe,
      evidence: z
        .array(z.looseObject({ source: text, asked_at: text, outcome: text, found: count, detail: maybe }))
        .default([]),
      leftovers: z.array(Leftover).default([]),
    })
    .nullish(),
});
export type RunDetail = z.infer<typeof RunDetail>;

export const Stopping = z.looseObject({ run_id: text, status: text });

/** The parts of reports/<run>/report.json that are shown; --format json hands out all of it. */
export const Report = z.looseObject({
  runId: text,
  status: text,
  summary: text,
  startedAt: text,
  completedAt: text,
  agents: z
    .array(z.looseObject({ agentId: text, state: text, operations: count, outcome: text }))
    .default([]),
  resources: z.looseObject({ created: count, removed: count, remaining: count }),
  cleanup: z.looseObject({ status: text, rounds: z.array(z.unknown()) }),
  errors: z.array(z.looseObject({ where: text, message: text, advice: text })).default([]),
});
export type Report = z.infer<typeof Report>;

export const Scenario = z.looseObject({
  id: text,
  title: maybe,
  area: maybe,
  services: z.array(text).default([]),
  requires: z.array(text).default([]),
  estimated_cost_usd: z.number().nullish(),
  estimated_minutes: z.number().nullish(),
  references: z.array(text).default([]),
  body: maybe,
});
export type Scenario = z.infer<typeof Scenario>;

export const Scenarios = z.looseObject({
  scenarios: z.array(Scenario),
  rejected: z.array(z.looseObject({ file: text, line: count, reason: text })).default([]),
});

export const Health = z.looseObject({
  status: text,
  version: text,
  checks: z.record(z.string(), z.unknown()).default({}),
});
export type Health = z.infer<typeof Health>;

/** A page of a list: the items under their name, and where the next page begins. */
export function page<T>(
  name: string,
  item: z.ZodType<T>,
): z.ZodType<{ items: T[]; next: string | undefined }> {
  return z.looseObject({ next_cursor: maybe }).transform((answer, context) => {
    const items = z.array(item).safeParse(answer[name] ?? []);
    if (items.success) return { items: items.data, next: answer.next_cursor ?? undefined };
    for (const { path, message } of items.error.issues) {
      context.addIssue({ code: 'custom', path: [name, ...path], message });
    }
    return z.NEVER;
  });
}
