import { afterEach, describe, expect, it } from 'vitest';
import type { Activities, ReportInput } from '../../src/activities/contracts.ts';
import { addSeconds } from '../../src/domain/duration.ts';
import type { AgentCounts, RunPlan } from '../../src/domain/run.ts';
import { type Rehearsal, rehearse } from '../support/orchestrations.ts';

const RUN = 'run-20261121T0600Z';
const SCENARIOS = ['compute-01', 'networking-01', 'security-01'];
const HOUR = 3_600;

const plan = (startedAt: string): RunPlan => ({
  runId: RUN,
  seed: 's',
  size: SCENARIOS.length,
  startedAt,
  endsAt: addSeconds(startedAt, 8 * HOUR),
  expiresOn: addSeconds(startedAt, 8 * HOUR + 900),
  checkIntervalSeconds: 900,
  graceSeconds: 900,
  cleanup: { rounds: 5, cleanPasses: 2, passIntervalSeconds: 60 },
  tags: {},
  agents: SCENARIOS.map((scenarioId) => ({
    agentId: `hm-x-${scenarioId}`,
    scenarioId,
    title: scenarioId,
    area: 'Compute',
  })),
  skipped: [],
  rejected: [],
  selection: {
    weights: {},
    excluded: [],
    minAreas: 10,
    avoidRepeats: false,
    allowPrivileged: false,
    lastRun: [],
  },
  notes: [],
});
const counts = (running: number): AgentCounts => ({
  total: 3,
  provisioning: 0,
  running,
  completed: 3 - running,
  failed: 0,
});
const verify = (found: number) => ({
  verdict: found > 0 ? ('leftovers' as const) : ('clean' as const),
  found,
  deleting: 0,
  blindSources: [],
  fingerprint: '',
});
const report = ({ runId, end, cleanup }: ReportInput): Activities['generate_report_activity']['output'] => ({
  runId,
  status: end === 'stopped' ? 'stopped' : 'completed',
  cleanupStatus: cleanup?.status ?? 'not_needed',
  agents: counts(0),
  resourcesCreated: 0,
  resourcesRemoved: 0,
  leftovers: 0,
  reportPath: 'reports/r/report.json',
});

/** A run in which everything goes well and the agents end after four hours. */
const GOOD: Parameters<typeof rehearse>[0] = {
  validate_environment_activity: () => ({ passed: true, request: { trigger: 'timer' }, failed: [] }),
  select_scenarios_activity: ({ startedAt }) => ({ ok: true, plan: plan(startedAt) }),
  create_service_principal_activity: ({ agent }) => ({
    state: 'done',
    value: { appId: 'a', principalId: 'p', secretName: agent.agentId },
  }),
  deploy_container_app_activity: ({ agent }) => ({
    state: 'done',
    value: { jobName: agent.agentId, executionName: 'e' },
  }),
  check_agent_status_activity: (_input, call) => counts(call <= 16 ? 3 : 0),
  verify_cleanup_activity: ({ round }) => verify(round === 1 ? 12 : 0),
  force_cleanup_activity: () => ({ started: 12, removed: 4, failures: [] }),
  generate_report_activity: report,
};

let run: Rehearsal;
afterEach(() => run.close());

async function perform(activities: Parameters<typeof rehearse>[0], input: object = { trigger: 'timer' }) {
  run = rehearse(activities);
  run.start('orchestrate_haymaker_run', RUN, input);
  const instance = await run.untilEnded(RUN);
  const [reported] = run.inputsOf('generate_report_activity');
  return { instance, reported };
}

describe('a run', () => {
  it('goes through its phases and ends early when all agents have ended', async () => {
    const { instance, reported } = await perform(GOOD);
    expect(instance.status).toBe('Completed');
    expect(instance.output).toMatchObject({ runId: RUN, cleanupStatus: 'verified' });
    expect(reported).toMatchObject({
      end: 'agents_ended',
      problems: [],
      cleanup: { status: 'verified', cleanPasses: 2 },
    });
    expect(run.inputsOf('check_agent_status_activity')).toHaveLength(17);
    expect(run.inputsOf('deploy_container_app_activity')).toHaveLength(3);
  });

  it('shows its phase and counters while it goes on', async () => {
    run = rehearse(GOOD);
    run.start('orchestrate_haymaker_run', RUN, {});
    await run.pass(2 * HOUR);
    expect(run.engine.get(RUN)?.customStatus).toMatchObject({
      phase: 'monitoring',
      agents: { total: 3, running: 3 },
    });
  });

  it('monitors for the whole window and its grace when agents do not end, a look every interval', async () => {
    const { reported } = await perform({ ...GOOD, check_agent_status_activity: () => counts(3) });
    expect(reported?.end).toBe('window_over');
    // 8 h 15 min in steps of 15 min: 33 waits, and a look before each and after the last.
    expect(run.inputsOf('check_agent_status_activity')).toHaveLength(34);
  });

  it('makes nothing when validation fails, and reports', async () => {
    const { instance, reported } = await perform({
      validate_environment_activity: () => ({ passed: false, request: null, failed: ['key vault'] }),
      generate_report_activity: report,
    });
    expect(instance.status).toBe('Completed');
    expect(reported).toMatchObject({ end: 'validation_failed', cleanup: null });
    expect(run.calls.map(({ name }) => name)).toEqual([
      'validate_environment_activity',
      'generate_report_activity',
    ]);
  });

  it('makes nothing when there is nothing to select, and says why', async () => {
    const { reported } = await perform({
      ...GOOD,
      select_scenarios_activity: () => ({ ok: false, problems: ['there is no scenario x-01'] }),
    });
    expect(reported).toMatchObject({
      end: 'nothing_selected',
      problems: [{ message: 'there is no scenario x-01' }],
    });
    expect(run.inputsOf('create_service_principal_activity')).toEqual([]);
  });

  it('makes nothing, touches nothing and says so when its id belongs to another run', async () => {
    const { instance } = await perform({
      validate_environment_activity: () => ({
        passed: false,
        refused: 'There has been a run with the id before.',
        request: null,
        failed: [],
      }),
    });
    expect(run.calls.map(({ name }) => name)).toEqual(['validate_environment_activity']);
    expect(instance.output).toMatchObject({
      status: 'failed',
      cleanupStatus: 'not_needed',
      reportPath: null,
      problems: ['There has been a run with the id before.'],
    });
  });

  it.each([
    ['validate_environment_activity', 'validating'],
    ['select_scenarios_activity', 'selecting'],
  ] as const)('reports what broke when %s cannot do its work', async (activity, where) => {
    const { instance, reported } = await perform({
      ...GOOD,
      [activity]: () => {
        throw new Error('reading row x of table Runs: refused');
      },
    });
    expect(reported).toMatchObject({
      end: 'error',
      cleanup: null,
      problems: [{ where, message: 'reading row x of table Runs: refused' }],
    });
    expect(instance.status).toBe('Completed');
  });

  it('ends as unknown, with the reason, when its report cannot be written', async () => {
    const { instance } = await perform({
      ...GOOD,
      generate_report_activity: () => {
        throw new Error('writing blob reports/r/report.json: 403');
      },
    });
    expect(instance.status).toBe('Completed');
    expect(instance.output).toMatchObject({
      status: 'failed',
      cleanupStatus: 'unknown',
      reportPath: null,
      problems: ['report: writing blob reports/r/report.json: 403'],
    });
  });

  it('stops when somebody says stop, and cleans up', async () => {
    run = rehearse({ ...GOOD, check_agent_status_activity: () => counts(3) });
    run.start('orchestrate_haymaker_run', RUN, {});
    await run.pass(HOUR);
    run.engine.raise(RUN, 'stop', JSON.stringify({ reason: 'maintenance' }));
    await run.untilEnded(RUN, 1);
    expect(run.inputsOf('generate_report_activity')[0]).toMatchObject({
      end: 'stopped',
      cleanup: { status: 'verified' },
    });
  });

  it('hears a stop that came while it was provisioning', async () => {
    run = rehearse({
      ...GOOD,
      deploy_container_app_activity: ({ agent }, call) =>
        call <= 30
          ? { state: 'pending', waitingFor: 'the job', retryAfterSeconds: 10 }
          : { state: 'done', value: { jobName: agent.agentId, executionName: 'e' } },
    });
    run.start('orchestrate_haymaker_run', RUN, {});
    await run.pass(20);
    run.engine.raise(RUN, 'stop', 'null');
    await run.untilEnded(RUN, 1);
    expect(run.inputsOf('generate_report_activity')[0]?.end).toBe('stopped');
  });

  it.each([1, 2, 5])('hears a stop that comes during look %i at the agents', async (look) => {
    run = rehearse({
      ...GOOD,
      check_agent_status_activity: (_input, call) => {
        if (call === look) run.engine.raise(RUN, 'stop', JSON.stringify({ reason: 'maintenance' }));
        return counts(3);
      },
    });
    run.start('orchestrate_haymaker_run', RUN, {});
    await run.untilEnded(RUN, 3);
    expect(run.inputsOf('generate_report_activity')[0]?.end).toBe('stopped');
    expect(run.inputsOf('check_agent_status_activity')).toHaveLength(look);
  });

  it('undoes an agent whose step failed and goes on with the others', async () => {
    const { reported } = await perform({
      ...GOOD,
      create_service_principal_activity: ({ agent }) =>
        agent.scenarioId === 'networking-01'
          ? { state: 'failed', error: 'no right to do this', advice: 'ask for it' }
          : { state: 'done', value: { appId: 'a', principalId: 'p', secretName: agent.agentId } },
    });
    expect(run.inputsOf('force_cleanup_activity')[0]).toEqual({
      runId: RUN,
      target: { kind: 'agent', agentId: 'hm-x-networking-01', error: 'no right to do this' },
    });
    expect(run.inputsOf('deploy_container_app_activity').map(({ agent }) => agent.scenarioId)).toEqual([
      'compute-01',
      'security-01',
    ]);
    expect(reported?.end).toBe('agents_ended');
  });

  it('waits for what Azure has not finished, as long as it asks, and no longer than patience lasts', async () => {
    const { reported } = await perform({
      ...GOOD,
      create_service_principal_activity: () => ({
        state: 'pending',
        waitingFor: 'replication',
        retryAfterSeconds: 5,
      }),
    });
    expect(
      run
        .inputsOf('force_cleanup_activity')
        .slice(0, 3)
        .map(({ target }) => target),
    ).toEqual(
      SCENARIOS.map((id) => ({
        kind: 'agent',
        agentId: `hm-x-${id}`,
        error: 'gave up waiting for replication',
      })),
    );
    expect(run.inputsOf('check_agent_status_activity')).toEqual([]);
    expect(reported?.cleanup?.status).toBe('verified');
  });

  it('ancestor 37: cleans up and reports when monitoring breaks', async () => {
    const { reported } = await perform({
      ...GOOD,
      check_agent_status_activity: () => {
        throw new Error('storage is gone');
      },
    });
    expect(run.inputsOf('check_agent_status_activity')).toHaveLength(5);
    expect(reported).toMatchObject({ end: 'error', cleanup: { status: 'verified' } });
    expect(reported?.problems[0]?.message).toContain('storage is gone');
    expect(reported?.problems[0]?.message).not.toContain('$type');
  });

  it('ancestor 37: cleans up and reports when no agent could be provisioned', async () => {
    const { instance } = await perform({
      ...GOOD,
      create_service_principal_activity: () => ({ state: 'failed', error: 'no capacity', advice: '' }),
    });
    expect(instance.output).toMatchObject({ cleanupStatus: 'verified' });
    expect(run.inputsOf('verify_cleanup_activity').length).toBeGreaterThan(1);
    expect(run.inputsOf('check_agent_status_activity')).toEqual([]);
  });

  it('waits for a clean-up that takes longer than one history should hold', async () => {
    const { instance } = await perform({
      ...GOOD,
      verify_cleanup_activity: ({ round }) => ({ ...verify(round > 90 ? 0 : 5), deleting: 5 }),
    });
    expect(instance.output).toMatchObject({ cleanupStatus: 'verified' });
    expect(run.inputsOf('verify_cleanup_activity')).toHaveLength(92);
    expect(run.inputsOf('generate_report_activity')).toHaveLength(1);
  });

  it('reports unknown, never clean, when the clean-up itself breaks', async () => {
    const { reported } = await perform({
      ...GOOD,
      verify_cleanup_activity: () => {
        throw new Error('no ledger');
      },
    });
    expect(reported?.cleanup?.status).toBe('unknown');
    expect(reported?.problems.map(({ where }) => where)).toEqual(['clean-up']);
  });
});
