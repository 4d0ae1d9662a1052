import { afterEach, expect, it } from 'vitest';
import { addSeconds } from '../../src/domain/duration.ts';
import type { RunOrders } from '../../src/domain/run.ts';
import { type Rehearsal, rehearse } from '../support/orchestrations.ts';

const RUN = 'run-large';
const AGENTS = 200;

let run: Rehearsal;
afterEach(() => run.close());

const orders = (startedAt: string): RunOrders => ({
  runId: RUN,
  seed: 's',
  size: AGENTS,
  startedAt,
  endsAt: addSeconds(startedAt, 3_600),
  expiresOn: addSeconds(startedAt, 4_500),
  checkIntervalSeconds: 900,
  graceSeconds: 900,
  cleanup: { rounds: 5, cleanPasses: 2, passIntervalSeconds: 60 },
  tags: {},
  agents: Array.from({ length: AGENTS }, (_, n) => ({
    agentId: `hm-x-bench${Math.floor(n / 99)}-${(n % 99) + 1}`,
    scenarioId: `bench${Math.floor(n / 99)}-${(n % 99) + 1}`,
  })),
});

it('a large run starts every agent once, in lanes: a bounded number under way, and no fan-in of hundreds', async () => {
  const underWay = new Set<string>();
  let most = 0;
  run = rehearse({
    validate_environment_activity: () => ({ passed: true, request: { trigger: 'timer' }, failed: [] }),
    select_scenarios_activity: ({ startedAt }) => ({ ok: true, plan: orders(startedAt) }),
    create_service_principal_activity: ({ agent }, call) => {
      underWay.add(agent.agentId);
      most = Math.max(most, underWay.size);
      if (call % 3 === 0) return { state: 'pending', waitingFor: 'replication', retryAfterSeconds: 5 };
      return { state: 'done', value: { appId: 'a', principalId: 'p', secretName: agent.agentId } };
    },
    deploy_container_app_activity: ({ agent }) => {
      underWay.delete(agent.agentId);
      if (agent.agentId.endsWith('-7')) return { state: 'failed', error: 'no room', advice: '' };
      return { state: 'done', value: { jobName: agent.agentId, executionName: 'e' } };
    },
    force_cleanup_activity: () => ({ started: 1, removed: 1, failures: [] }),
    check_agent_status_activity: () => ({
      total: AGENTS,
      provisioning: 0,
      running: 0,
      completed: AGENTS,
      failed: 0,
    }),
    verify_cleanup_activity: () => ({
      verdict: 'clean',
      found: 0,
      deleting: 0,
      blindSources: [],
      fingerprint: '',
    }),
    generate_report_activity: ({ runId }) => ({
      runId,
      status: 'completed',
      cleanupStatus: 'verified',
      agents: { total: AGENTS, provisioning: 0, running: 0, completed: AGENTS, failed: 0 },
      resourcesCreated: 0,
      resourcesRemoved: 0,
      leftovers: 0,
      reportPath: '',
    }),
  });
  run.start('orchestrate_haymaker_run', RUN, { trigger: 'timer' });
  const instance = await run.untilEnded(RUN);
  expect(instance.status).toBe('Completed');
  const deployed = run.inputsOf('deploy_container_app_activity').map(({ agent }) => agent.agentId);
  expect(new Set(deployed).size).toBe(AGENTS);
  expect(deployed).toHaveLength(AGENTS);
  // The two that failed were undone, and nobody else.
  expect(run.inputsOf('force_cleanup_activity')).toHaveLength(2);
  expect(most).toBeLessThanOrEqual(100);
  expect(instance.history.length).toBeLessThan(400);
}, 60_000);
