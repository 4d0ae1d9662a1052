import { performance } from 'node:perf_hooks';
import { IDS, WORLD } from '../local/world.ts';
import { checkAgentStatus } from '../src/activities/checkAgentStatus.ts';
import { stem, tagsFor } from '../src/domain/naming.ts';
import { openTenant, type Tenant } from '../tests/support/tenant.ts';
import type { Bench, Row } from './bench.ts';

const SIZES = [5, 50, 500] as const;
const ROUNDS = 5;
/** What one page of a list of Azure Resource Manager holds at most. */
const PAGE = 1_000;

interface Measured {
  readonly agents: number;
  readonly azureCalls: number;
  readonly milliseconds: number;
}

/** One status check of a run at work: what it asks of Azure, and how long the activity takes. */
export const tick: Bench = {
  name: 'tick',
  about: 'calls to Azure and time of one status check, by the number of agents',
  async run({ say }) {
    const tenant = await openTenant();
    const measured: Measured[] = [];
    try {
      for (const agents of SIZES) {
        say(`${agents} agents`);
        measured.push(await measure(agents, tenant));
      }
    } finally {
      await tenant[Symbol.asyncDispose]();
    }
    const calls = Object.fromEntries(measured.map(({ agents, azureCalls }) => [agents, azureCalls]));
    const [small] = measured;
    return {
      rows: measured.flatMap((each) => rowsOf(each, small?.azureCalls ?? 0)),
      summary: { tickCalls: calls as { 5: number; 50: number; 500: number } },
      details: { measured },
    };
  },
};

async function measure(agents: number, { fixture, services }: Tenant): Promise<Measured> {
  const runId = `tick-${agents}`;
  const at = new Date().toISOString();
  const { state } = fixture.standIn;
  const records = await services.records();
  const group = IDS.environment.slice(0, IDS.environment.indexOf('/managedEnvironments/'));
  const ids = Array.from({ length: agents }, (_, n) =>
    stem(runId, `bench${Math.floor(n / 99)}-${String((n % 99) + 1).padStart(2, '0')}`),
  );
  for (const name of ids) {
    state.resources.put({
      id: `${group}/jobs/${name}`,
      name,
      type: 'Microsoft.App/jobs',
      location: WORLD.location,
      tags: tagsFor({ runId, expiresOn: at }, 'compute-01'),
      properties: { provisioningState: 'Succeeded' },
      rest: {},
      createdAt: state.now(),
      createdBy: WORLD.app.oid,
    });
  }
  await records.runs.save(runId, {
    startedAt: at,
    trigger: 'manual',
    phase: 'monitoring',
    status: 'running',
  });
  await records.agents.saveAll(
    ids.map((agentId) => ({
      runId,
      agentId,
      change: {
        agentId,
        scenarioId: 'compute-01',
        state: 'running',
        executionName: `${agentId}-x`,
        startedAt: at,
        lastHeardAt: at,
      },
    })),
  );
  const input = { runId, now: at, checkIntervalSeconds: 900 };
  const check = async () => {
    const { running } = await checkAgentStatus(input, services);
    if (running !== agents) throw new Error(`${running} of ${agents} agents were seen running`);
  };
  await check();
  const before = state.calls.counts().total;
  const begun = performance.now();
  for (let round = 0; round < ROUNDS; round++) await check();
  return {
    agents,
    azureCalls: (state.calls.counts().total - before) / ROUNDS,
    milliseconds: Math.round((performance.now() - begun) / ROUNDS),
  };
}

function rowsOf({ agents, azureCalls, milliseconds }: Measured, least: number): Row[] {
  const pages = Math.ceil(agents / PAGE);
  return [
    {
      what: `${agents} agents: calls to Azure`,
      value: azureCalls,
      unit: '',
      goal: { atMost: least - 1 + pages },
    },
    { what: `${agents} agents: time of the activity`, value: milliseconds, unit: 'ms' },
  ];
}
