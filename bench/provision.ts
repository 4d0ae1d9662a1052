import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { AZURE_LIMITS } from '../local/azure/throttle.ts';
import { HARDLY_EVER } from '../local/stack/demo.ts';
import { findStatus, hasFinished, startRun } from '../local/stack/durable.ts';
import { withStack } from '../local/stack/withStack.ts';
import type { StandInControl } from '../local/torture/standInControl.ts';
import { makeApp } from './app.ts';
import { DELAYS, LATENCIES, playAzure, secondsFor } from './azure.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';

/** Azure's own speed: nothing is compressed, so that the app's waits of whole seconds count for what they are. */
const FACTOR = 1;
const SIZES = [5, 50, 500];
const QUICK_SIZES = [5];
const LIMIT_MS = 20 * 60_000;

/** Group, role assignment, job, start of the job: an agent cannot be had for fewer writes. */
const WRITES_PER_AGENT = 4;

/** What one agent takes when nobody else is there: every step that has to wait for the one before. */
const CHAIN_MS =
  LATENCIES.graphWrite + // application
  DELAYS.graphReplication +
  LATENCIES.graphWrite + // service principal
  LATENCIES.armWrite + // role assignment
  LATENCIES.armWrite + // job
  DELAYS.jobCreate +
  LATENCIES.armWrite + // its start
  DELAYS.jobStart;

interface Measured {
  readonly agents: number;
  readonly seconds: number;
  readonly boundSeconds: number;
  readonly ratio: number;
  readonly failed: number;
  readonly throttled: number;
  readonly callsPerAgent: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, number>>;
}

/** From the start of a run to all of its agents at work, over the least that Azure's buckets and its own speed allow. */
export const provision: Bench = {
  name: 'provision',
  about: 'from the start of a run to all agents running, over the bound of Azure’s token buckets',
  async run(options) {
    const measured: Measured[] = [];
    for (const agents of options.quick ? QUICK_SIZES : SIZES) measured.push(await measure(agents, options));
    const large = measured.find(({ agents }) => agents === 500);
    return {
      rows: measured.flatMap(rowsOf),
      ...(large ? { summary: { provision500Ratio: large.ratio } } : {}),
      details: { factor: FACTOR, latencies: LATENCIES, delays: DELAYS, limits: AZURE_LIMITS, measured },
    };
  },
};

/** One run with so many agents, on a stack of its own, up to the moment at which all of them run. */
async function measure(agents: number, { say }: BenchOptions): Promise<Measured> {
  const app = makeApp(agents);
  const settings = {
    RUN_DURATION: 'PT8H',
    CHECK_INTERVAL: 'PT15M',
    HAYMAKER_SCHEDULE: HARDLY_EVER,
    JANITOR_SCHEDULE: HARDLY_EVER,
    ...(process.env.BENCH_NODE_OPTIONS ? { NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS } : {}),
  };
  say(`${agents} agents: starting a stack`);
  try {
    return await withStack({ settings, seed: 'bench', app: app.folder }, async ({ url, standIn }) => {
      const control = await playAzure(standIn.controlUrl, FACTOR);
      await control.behaviours(Object.fromEntries(app.scenarioIds.map((id) => [id, 'quiet'])));
      const before = await control.counts();
      const runId = `bench-${agents}`;
      const begun = performance.now();
      await startRun(url, runId, { trigger: 'manual', seed: 'bench', size: agents });
      const running = await untilRunning(url, runId, agents, control, say);
      const seconds = (performance.now() - begun) / 1_000;
      if (running < agents) say(`not all run: ${await firstError(url)}`);
      const after = await control.counts();
      const boundSeconds =
        (secondsFor(agents * WRITES_PER_AGENT, AZURE_LIMITS.writes) + CHAIN_MS / 1_000) / FACTOR;
      return {
        agents,
        seconds: round(seconds),
        boundSeconds: round(boundSeconds),
        ratio: round(seconds / boundSeconds),
        failed: agents - running,
        throttled: (after.byStatus[429] ?? 0) - (before.byStatus[429] ?? 0),
        callsPerAgent: perAgent(before.byService, after.byService, agents),
        operations: perAgent(before.byOperation, after.byOperation, agents),
      };
    });
  } finally {
    app.remove();
  }
}

async function firstError(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/runs?limit=1`);
  const agents = await fetch(`${url}/api/v1/agents?status=failed&limit=1`);
  return `${await response.text()} ${await agents.text()}`.slice(0, 1_500);
}

/** Resolves with how many agents run, once all do or the run has gone on without the others. */
async function untilRunning(
  url: string,
  runId: string,
  agents: number,
  control: StandInControl,
  say: (line: string) => void,
): Promise<number> {
  const deadline = performance.now() + LIMIT_MS;
  let told = 0;
  let monitoringSince: number | undefined;
  for (;;) {
    const running = (await control.agents()).length;
    if (running >= agents) return running;
    if (performance.now() - told > 15_000) {
      say(`${running} of ${agents} agents run`);
      told = performance.now();
    }
    const status = await findStatus(url, runId);
    // The last job was started a while ago: whoever does not run by now will not.
    if (JSON.stringify(status?.customStatus ?? '').includes('monitoring'))
      monitoringSince ??= performance.now();
    const waited = performance.now() - (monitoringSince ?? performance.now());
    if ((status && hasFinished(status)) || waited > 10 * DELAYS.jobStart) return running;
    if (performance.now() > deadline)
      throw new Error(`${running} of ${agents} agents run after ${LIMIT_MS} ms`);
    await pause(agents > 50 ? 1_000 : 250);
  }
}

function perAgent(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  agents: number,
): Record<string, number> {
  const each = Object.entries(after)
    .map(([name, count]) => [name, round((count - (before[name] ?? 0)) / agents)] as const)
    .filter(([, count]) => count > 0);
  return Object.fromEntries(each.sort(([, a], [, b]) => b - a));
}

function rowsOf({ agents, seconds, boundSeconds, ratio, failed, throttled, callsPerAgent }: Measured): Row[] {
  const large = agents === 500;
  const calls = Object.values(callsPerAgent).reduce((sum, count) => sum + count, 0);
  return [
    { what: `${agents} agents: time to all running`, value: seconds, unit: 's' },
    { what: `${agents} agents: bound`, value: boundSeconds, unit: 's' },
    {
      what: `${agents} agents: time over the bound`,
      value: ratio,
      unit: 'x',
      ...(large ? { goal: { atMost: 1.25 } } : {}),
    },
    { what: `${agents} agents: failed`, value: failed, unit: '', goal: { atMost: 0 } },
    { what: `${agents} agents: answers 429`, value: throttled, unit: '' },
    { what: `${agents} agents: calls per agent`, value: round(calls), unit: '' },
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
