import { addSeconds } from '../domain/duration.ts';
import { DurationSeconds } from '../domain/durationSchema.ts';
import { Rejected } from '../domain/errors.ts';
import { stem } from '../domain/naming.ts';
import type { RunOrders, RunPlan } from '../domain/run.ts';
import { SIMULATION_SIZES } from '../domain/run.ts';
import type { SelectionPolicy } from '../domain/selection.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Records } from '../records/records.ts';
import { selectScenarios as select } from '../scenarios/select.ts';
import type { Services } from '../services.ts';
import type { SelectInput, SelectOutput } from './contracts.ts';

/** How far back the last run that has chosen something is looked for. */
const RECENT_RUNS = 20;

/**
 * Chooses the scenarios and fixes everything that the run's orchestrators need to know: they read no settings.
 * The seed is the request's, or else the run id, so that calling this twice makes the same plan.
 * @throws Rejected when the id is that of an earlier run
 */
export async function selectScenarios(
  { runId, startedAt, request }: SelectInput,
  services: Services,
  log: EventLog = silent,
): Promise<SelectOutput> {
  const { config } = services;
  const records = await services.records();
  const earlier = await records.documents.plan(runId);
  if (earlier && earlier.startedAt !== startedAt) {
    // Its names would be those of the earlier run, which may be being removed at this moment.
    throw new Rejected(
      `The run id ${runId} was used at ${earlier.startedAt}. Start the run with another id.`,
    );
  }
  await records.runs.begin(runId, 'selecting', new Date().toISOString());

  const catalogue = await services.catalogue();
  const asked = request.size ?? config.simulationSize;
  const size = request.scenarios?.length ?? (typeof asked === 'number' ? asked : SIMULATION_SIZES[asked]);
  const seed = request.seed ?? runId;
  const selection = {
    ...config.selection,
    allowPrivileged: config.allowPrivileged,
    // Called again, it must not choose otherwise because another run has begun meanwhile.
    lastRun: earlier?.selection?.lastRun ?? (await lastRun(records, config.selection, startedAt)),
  };
  const choice = select({
    catalogue: catalogue.scenarios,
    size,
    ...(request.scenarios ? { requested: request.scenarios } : {}),
    seed,
    allowPrivileged: selection.allowPrivileged,
    policy: selection,
    lastRun: selection.lastRun,
  });
  if (choice.selected.length === 0 || choice.problems.length > 0) {
    const broken = catalogue.rejected.map((bad) => `${bad.file}:${bad.line}: ${bad.reason}`);
    const found = [
      ...choice.problems,
      ...choice.skipped.map((s) => `${s.scenarioId}: ${s.reason}`),
      ...broken,
    ];
    const problems = found.length > 0 ? found : ['there are no scenarios to choose from'];
    log('nothing_selected', { run_id: runId, problems });
    return { ok: false, problems };
  }

  const runSeconds = request.duration ? DurationSeconds.parse(request.duration) : config.runSeconds;
  const endsAt = addSeconds(startedAt, runSeconds);
  const plan: RunPlan = {
    runId,
    seed,
    size,
    startedAt,
    endsAt,
    expiresOn: addSeconds(endsAt, config.graceSeconds),
    checkIntervalSeconds: config.checkIntervalSeconds,
    graceSeconds: config.graceSeconds,
    cleanup: config.cleanup,
    tags: request.tags ?? {},
    agents: choice.selected.map(({ id, title, area, requires }) => ({
      agentId: stem(runId, id),
      scenarioId: id,
      title,
      area,
      ...(requires.length > 0 ? { requires } : {}),
    })),
    skipped: choice.skipped,
    rejected: catalogue.rejected,
    selection,
    notes: choice.notes,
  };
  await records.documents.savePlan(plan);
  await records.agents.saveAll(
    plan.agents.map(({ requires: _, ...agent }) => ({
      runId,
      agentId: agent.agentId,
      change: { ...agent, state: 'provisioning' },
    })),
  );
  const scenarios = plan.agents.map((agent) => agent.scenarioId);
  await records.runs.save(runId, { seed, endsAt, expiresOn: plan.expiresOn, scenarios });
  log('scenarios_selected', {
    run_id: runId,
    seed,
    scenarios,
    ends_at: endsAt,
    expires_on: plan.expiresOn,
  });
  return { ok: true, plan: ordersOf(plan) };
}

function ordersOf({ agents, skipped, rejected, selection, notes, ...orders }: RunPlan): RunOrders {
  return { ...orders, agents: agents.map(({ title, area, ...ref }) => ref) };
}

/** What the run before played, when repeats are to be avoided. Runs that ended before they chose do not count. */
async function lastRun(
  records: Records,
  { avoidRepeats }: SelectionPolicy,
  startedAt: string,
): Promise<readonly string[]> {
  if (!avoidRepeats) return [];
  const { runs } = await records.runs.list({ to: startedAt }, RECENT_RUNS);
  return runs.find(({ scenarios }) => scenarios.length > 0)?.scenarios ?? [];
}
