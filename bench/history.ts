import { addSeconds } from '../src/domain/duration.ts';
import type { AgentCounts, RunOrders } from '../src/domain/run.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { type Play, type Rehearsed, rehearse } from './rehearsal.ts';

const SIZES = [5, 50, 500];
const HOUR = 3_600;
const DAY_RUN_HOURS = 8;
const WEEK_HOURS = 7 * 24;
const WEEK_AGENTS = 50;
/** host.json: maxConcurrentActivityFunctions. */
const ACTIVITIES = 24;
const CLEANUP_LOOKS = 12;
/** "Largest instance bounded": what a replay can read in one go. */
const LARGEST_BYTES = 1_000_000;

interface Measured {
  readonly agents: number;
  readonly hours: number;
  readonly instances: number;
  readonly events: number;
  readonly bytes: number;
  readonly largest: { readonly name: string; readonly events: number; readonly bytes: number };
  readonly replays: number;
  readonly replaySeconds: number;
}

/** What a whole run leaves in the task hub, and what all replays of it take of the processor. */
export const history: Bench = {
  name: 'history',
  about: 'events and bytes in the task hub of a whole run, the largest orchestration, and all replays',
  async run(options) {
    const measured: Measured[] = [];
    for (const agents of SIZES) measured.push(await measure(agents, DAY_RUN_HOURS, options));
    const week = options.quick ? undefined : await measure(WEEK_AGENTS, WEEK_HOURS, options);
    const [small, , large] = measured;
    const growth = large && small ? large.bytes / large.agents / (small.bytes / small.agents) : 0;
    return {
      rows: [
        ...measured.flatMap(rowsOf),
        {
          what: 'bytes per agent at 500 over those at 5',
          value: round(growth),
          unit: 'x',
          goal: { atMost: 1 },
        },
        ...(week ? rowsOf(week) : []),
      ],
      ...(large ? { summary: { historyLargestBytes500: large.largest.bytes } } : {}),
      details: { measured, week },
    };
  },
};

async function measure(agents: number, hours: number, { say }: BenchOptions): Promise<Measured> {
  say(`${agents} agents for ${hours} h`);
  const done = await rehearse(`run-${agents}-${hours}h`, { trigger: 'timer' }, playOf(agents, hours), {
    hours: hours + 24,
    activities: ACTIVITIES,
  });
  return { agents, hours, ...summarize(done) };
}

function summarize({ instances, replays, replayMs }: Rehearsed): Omit<Measured, 'agents' | 'hours'> {
  const sizes = instances.map(({ name, history }) => ({
    name,
    events: history.length,
    bytes: Buffer.byteLength(JSON.stringify(history)),
  }));
  const [largest = { name: '', events: 0, bytes: 0 }] = [...sizes].sort((a, b) => b.bytes - a.bytes);
  return {
    instances: sizes.length,
    events: sizes.reduce((sum, { events }) => sum + events, 0),
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    largest,
    replays,
    replaySeconds: round(replayMs / 1_000),
  };
}

/** Azure as it usually is: the identity is visible at the second look, the job is there at the third. */
function playOf(agents: number, hours: number): Play {
  const asked = new Map<string, number>();
  const nth = (what: string) => {
    const count = (asked.get(what) ?? 0) + 1;
    asked.set(what, count);
    return count;
  };
  const counts = (running: number): AgentCounts => ({
    total: agents,
    provisioning: 0,
    running,
    completed: agents - running,
    failed: 0,
  });
  let endsAt = '';
  return {
    validate_environment_activity: () => ({ passed: true, request: { trigger: 'timer' }, failed: [] }),
    select_scenarios_activity: ({ runId, startedAt }) => {
      const plan = ordersOf(runId, startedAt, agents, hours);
      endsAt = plan.endsAt;
      return { ok: true, plan };
    },
    create_service_principal_activity: ({ agent: { agentId } }) =>
      nth(`identity/${agentId}`) < 2
        ? {
            state: 'pending',
            waitingFor: `making the service principal of ${agentId}: it is not visible everywhere yet`,
            retryAfterSeconds: 5,
          }
        : {
            state: 'done',
            value: {
              appId: '00000000-0000-4000-8000-000000000000',
              principalId: '00000000-0000-4000-8000-000000000001',
              secretName: agentId,
            },
          },
    deploy_container_app_activity: ({ agent: { agentId } }) =>
      nth(`job/${agentId}`) < 3
        ? { state: 'pending', waitingFor: `provisioning of job ${agentId}`, retryAfterSeconds: 5 }
        : { state: 'done', value: { jobName: agentId, executionName: `${agentId}-abc1234` } },
    check_agent_status_activity: ({ now }) => counts(now >= endsAt ? 0 : agents),
    verify_cleanup_activity: ({ round: look }) => {
      const found = look < CLEANUP_LOOKS ? agents * 5 * (CLEANUP_LOOKS - look) : 0;
      const fingerprint = 'abcdef0123456789';
      return {
        verdict: found > 0 ? 'leftovers' : 'clean',
        found,
        deleting: found,
        blindSources: [],
        fingerprint,
      };
    },
    force_cleanup_activity: () => ({ started: agents * 5, removed: agents, failures: [] }),
    generate_report_activity: ({ runId }) => ({
      runId,
      status: 'completed',
      cleanupStatus: 'verified',
      agents: counts(0),
      resourcesCreated: agents * 5,
      resourcesRemoved: agents * 5,
      leftovers: 0,
      reportPath: `reports/${runId}/report.json`,
    }),
  };
}

function ordersOf(runId: string, startedAt: string, agents: number, hours: number): RunOrders {
  const endsAt = addSeconds(startedAt, hours * HOUR);
  return {
    runId,
    seed: runId,
    size: agents,
    startedAt,
    endsAt,
    expiresOn: addSeconds(endsAt, 900),
    checkIntervalSeconds: 900,
    graceSeconds: 900,
    cleanup: { rounds: 20, cleanPasses: 2, passIntervalSeconds: 60 },
    tags: {},
    agents: Array.from({ length: agents }, (_, n) => {
      const scenarioId = `bench${Math.floor(n / 99)}-${String((n % 99) + 1).padStart(2, '0')}`;
      return { agentId: `hm-0123abcd-${scenarioId}`, scenarioId };
    }),
  };
}

function rowsOf({ agents, hours, events, bytes, largest, replaySeconds }: Measured): Row[] {
  const what = `${agents} agents, ${hours === WEEK_HOURS ? '7 days' : `${hours} h`}`;
  return [
    { what: `${what}: events`, value: events, unit: '' },
    { what: `${what}: all bytes`, value: bytes, unit: 'B' },
    {
      what: `${what}: largest (${largest.name}, ${largest.events} events)`,
      value: largest.bytes,
      unit: 'B',
      goal: { atMost: LARGEST_BYTES },
    },
    { what: `${what}: processor of all replays`, value: replaySeconds, unit: 's' },
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
