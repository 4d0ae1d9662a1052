import type { AgentRecord } from '../domain/agent.ts';
import { hasEnded } from '../domain/agent.ts';
import type { AgentEvent } from '../domain/event.ts';
import type { Report } from '../domain/report.ts';
import type { RunRecord } from '../domain/run.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Records } from '../records/records.ts';
import { type AgentEventSummary, buildReport } from '../report/build.ts';
import { totalsOf } from '../report/totals.ts';
import type { Services } from '../services.ts';
import { count } from './checkAgentStatus.ts';
import type { ReportInput, ReportOutput } from './contracts.ts';
import { linkedReport, saveProvenReport } from './saveProvenReport.ts';

/** Writes report.json and report.html from the records, closes the run's row and returns the outcome in numbers. */
export async function generateReport(
  input: ReportInput,
  services: Services,
  log: EventLog = silent,
): Promise<ReportOutput> {
  const { runId, now } = input;
  const records = await services.records();
  const linked = await linkedReport(runId, now, records);
  const report = linked ?? (await saveProvenReport(await writeReport(input, services, log), records));
  const reportPath = records.documents.reportPath(runId);
  const error = errorOf(input);
  await records.runs.save(runId, {
    status: report.status,
    cleanupStatus: report.cleanup.status,
    completedAt: now,
    reportPath,
    ...totalsOf(report),
    ...(error ? { error } : {}),
  });
  await records.runs.begin(runId, 'ended', new Date().toISOString());

  const output: ReportOutput = {
    runId,
    status: report.status,
    cleanupStatus: report.cleanup.status,
    agents: count(report.agents.map((agent) => agent.state)),
    resourcesCreated: report.resources.created,
    resourcesRemoved: report.resources.removed,
    leftovers: report.resources.remaining,
    reportPath,
  };
  tellEnd(input, output, log);
  return output;
}

/** The run's last words. What the clean-up could not remove comes first. */
function tellEnd(
  { runId, startedAt, now, end, cleanup }: ReportInput,
  output: ReportOutput,
  log: EventLog,
): void {
  const things = cleanup?.quarantined ?? [];
  if (things.length > 0) log('cleanup_quarantined', { run_id: runId, count: things.length, things });
  log('run_ended', {
    run_id: runId,
    status: output.status,
    cleanup_status: output.cleanupStatus,
    end,
    agents: output.agents.total,
    agents_failed: output.agents.failed,
    resources_created: output.resourcesCreated,
    resources_removed: output.resourcesRemoved,
    leftovers: output.leftovers,
    duration_seconds: Math.round((Date.parse(now) - Date.parse(startedAt)) / 1_000),
    report: output.reportPath,
  });
}

async function writeReport(input: ReportInput, services: Services, log: EventLog): Promise<Report> {
  const records = await services.records();
  const { runId, end, cleanup, problems, now } = input;
  await records.runs.begin(runId, 'reporting', now);
  if (cleanup) await records.documents.saveCleanup(runId, cleanup);

  const workEndedAt = await endOfWork(records, runId, now);
  const [stored, plan, checks, rounds, ledger, agents] = await Promise.all([
    records.runs.get(runId),
    records.documents.plan(runId),
    records.documents.checks(runId),
    records.documents.rounds(runId),
    records.ledger.ofRun(runId),
    closeAgents(records, runId, workEndedAt, log),
  ]);
  const error = errorOf(input);
  const run: RunRecord = {
    ...(stored ?? {
      runId,
      trigger: 'manual',
      phase: 'reporting',
      status: 'running',
      cleanupStatus: 'pending',
      scenarios: [],
    }),
    startedAt: input.startedAt,
    cleanupStatus: cleanup ? 'pending' : 'not_needed',
    ...(error ? { error } : {}),
  };
  return buildReport({
    run,
    plan,
    checks: checks ?? [],
    phases: await records.runs.phases(runId, now),
    agents,
    ledger,
    eventCounts: Object.fromEntries(
      await Promise.all(
        agents.map(
          async ({ agentId }) => [agentId, summarize(await records.events.ofAgent(runId, agentId))] as const,
        ),
      ),
    ),
    estimatedCostUsd: await estimates(services),
    rounds,
    result: cleanup ?? undefined,
    problems,
    ...(end === 'stopped' ? { stop: {} } : {}),
    abandoned: end === 'closed_by_janitor',
    completedAt: now,
  });
}

/** What the documents of the scenarios estimate, by id. A catalogue that cannot be read must not keep a report from being. */
async function estimates(services: Services): Promise<Record<string, number>> {
  const { scenarios } = await services.catalogue().catch(() => ({ scenarios: [] }));
  return Object.fromEntries(scenarios.map(({ id, estimatedCostUsd }) => [id, estimatedCostUsd]));
}

/** Why the run did not come to an end of its own. */
function errorOf({ end, problems }: ReportInput): string | undefined {
  return end === 'error' || end === 'closed_by_janitor'
    ? (problems[0]?.message ?? 'the run broke off')
    : undefined;
}

/** Work is over when the clean-up begins. */
async function endOfWork(records: Records, runId: string, now: string): Promise<string> {
  const phases = await records.runs.phases(runId, now);
  return phases.find(({ phase }) => phase === 'cleaning')?.startedAt ?? now;
}

/** Agents that were still at work when the run's time was over have been stopped by the clean-up. */
async function closeAgents(
  records: Records,
  runId: string,
  endedAt: string,
  log: EventLog,
): Promise<AgentRecord[]> {
  const agents = await records.agents.ofRun(runId);
  return Promise.all(
    agents.map(async (agent) => {
      if (hasEnded(agent.state)) return agent;
      const error =
        agent.state === 'running'
          ? 'was still at work when its time was over, and was stopped'
          : 'was never started';
      const change = { state: 'failed', error, endedAt } as const;
      await records.agents.save(runId, agent.agentId, change);
      log('agent_failed', { run_id: runId, agent_id: agent.agentId, state: change.state, error });
      return { ...agent, ...change };
    }),
  );
}

function summarize(events: readonly AgentEvent[]): AgentEventSummary {
  const of = (type: AgentEvent['event_type']) => events.filter((event) => event.event_type === type);
  const last = events.findLast((event) => event.event_type !== 'heartbeat');
  return {
    events: events.length,
    operations: of('operation').length,
    resourcesCreated: of('resource_created').length,
    ...(last ? { lastMessage: last.message } : {}),
    cleanupComplete: of('cleanup_complete').length > 0,
    errors: of('error'),
  };
}
