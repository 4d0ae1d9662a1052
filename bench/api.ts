import { performance } from 'node:perf_hooks';
import { HARDLY_EVER } from '../local/stack/demo.ts';
import { withStack } from '../local/stack/withStack.ts';
import { stem } from '../src/domain/naming.ts';
import type { Bench } from './bench.ts';
import { getJson } from './getJson.ts';
import { inside } from './inside/inside.ts';
import type { PlantHistory } from './inside/plantHistory.ts';
import { percentile } from './percentile.ts';

const FEW = 10;
const MANY = 1_000;
const AGENTS_PER_RUN = 5;
/** 1,000 runs of five agents: 1,000,000 events. */
const EVENTS_PER_AGENT = 200;
const REQUESTS = 1_000;
/** The first answers load what the others need. */
const WARM_UP = 5;
const ROUTES = {
  status: 'status',
  agents: 'agents?limit=100',
  logs: `agents/${stem('bench-000000', 'compute-01')}/logs?tail=100`,
  metrics: 'metrics?period=7d',
  resources: 'resources?limit=100',
} as const;
type Route = keyof typeof ROUTES;
const NAMES = Object.keys(ROUTES) as Route[];

/** How long the API's answers take when little is recorded and when much is. */
export const api: Bench = {
  name: 'api',
  about: `answers of ${NAMES.join(', ')} with ${FEW} and with ${MANY} runs recorded`,
  run: ({ say, quick }) => {
    const many = quick ? FEW * 5 : MANY;
    const plan = { agentsPerRun: AGENTS_PER_RUN, eventsPerAgent: EVENTS_PER_AGENT };
    say('starting a stack');
    return withStack(
      { settings: { HAYMAKER_SCHEDULE: HARDLY_EVER, JANITOR_SCHEDULE: HARDLY_EVER }, storageSeeks: true },
      async (stack) => {
        await inside(stack, 'plantHistory', { from: 0, to: FEW, ...plan } satisfies PlantHistory);
        await measure(stack.url, WARM_UP);
        say(`${FEW} runs are recorded; reading`);
        const few = await measure(stack.url, quick ? REQUESTS / 10 : REQUESTS);
        say(`recording ${many - FEW} more`);
        await inside(stack, 'plantHistory', { from: FEW, to: many, ...plan } satisfies PlantHistory);
        say('reading again');
        const full = await measure(stack.url, quick ? REQUESTS / 10 : REQUESTS);
        const growth = NAMES.map((name) => full[name].p99 / few[name].p99);
        const worst = Math.max(...growth);
        return {
          rows: [
            { what: 'p99, the most that any grows', value: worst, unit: 'x', goal: { atMost: 2 } },
            ...NAMES.flatMap((name, index) => [
              { what: `${name}: p50`, value: full[name].p50, unit: 'ms' },
              { what: `${name}: p99`, value: full[name].p99, unit: 'ms' },
              { what: `${name}: p99 over ${FEW} runs`, value: growth[index] ?? Number.NaN, unit: 'x' },
            ]),
          ],
          summary: { apiP99Growth: Math.round(worst * 100) / 100 },
          details: { runs: many, events: many * AGENTS_PER_RUN * EVENTS_PER_AGENT, few, full },
        };
      },
    );
  },
};

type Times = Record<Route, { readonly p50: number; readonly p99: number }>;

/** One caller, one request after another, the routes taking turns: what is measured is an answer, not a queue. */
async function measure(url: string, requests: number): Promise<Times> {
  const samples = Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Route, number[]>;
  for (let turn = 0; turn < requests; turn += 1) {
    for (const name of NAMES) {
      const begun = performance.now();
      await getJson(`${url}/api/v1/${ROUTES[name]}`);
      samples[name].push(performance.now() - begun);
    }
  }
  return Object.fromEntries(
    NAMES.map((name) => [
      name,
      { p50: percentile(samples[name], 0.5), p99: percentile(samples[name], 0.99) },
    ]),
  ) as Times;
}
