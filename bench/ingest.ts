import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { demoSettings, HARDLY_EVER } from '../local/stack/demo.ts';
import type { Stack } from '../local/stack/stack.ts';
import { withStack } from '../local/stack/withStack.ts';
import { stem } from '../src/domain/naming.ts';
import type { Bench } from './bench.ts';
import { getJson } from './getJson.ts';
import { inside } from './inside/inside.ts';
import type { PlantAgents } from './inside/plantAgents.ts';
import type { SendEvents, Sent } from './inside/sendEvents.ts';
import { percentile } from './percentile.ts';

const AGENTS = 20;
/** As many as one request for a log can show. */
const PER_AGENT = 1_000;
const STEADY_PER_SECOND = 500;
const STEADY_PER_AGENT = 500;
/** Of how many agents the steady part's delay is looked at: reading costs what is to be measured. */
const WATCHED = 5;
const LOOK_MS = 200;
const LIMIT_MS = 300_000;

const Counters = z.array(
  z.object({ enqueued: z.number(), completed: z.number(), active: z.number(), deadLetters: z.number() }),
);
const Logs = z.object({
  logs: z.array(z.object({ timestamp: z.string(), metadata: z.looseObject({ seq: z.number() }) })),
  next_cursor: z.string(),
});

/** From the topic to an agent's log: how fast a backlog is taken, and how late a steady stream can be read. */
export const ingest: Bench = {
  name: 'ingest',
  about: `${AGENTS} agents' events, from the topic to readable in logs`,
  run: ({ say, quick }) => {
    const settings = {
      ...demoSettings('PT10M'),
      HAYMAKER_SCHEDULE: HARDLY_EVER,
      JANITOR_SCHEDULE: HARDLY_EVER,
    };
    say('starting a stack');
    return withStack({ settings }, async (stack) => {
      const backlog = await drainBacklog(stack, quick ? PER_AGENT / 10 : PER_AGENT, say);
      const steady = await followStream(stack, quick ? STEADY_PER_AGENT / 10 : STEADY_PER_AGENT, say);
      const rate = { what: 'from the topic to the logs', value: backlog.perSecond, unit: 'events/s' };
      const delay = { what: `delay at ${STEADY_PER_SECOND} events/s, p99`, value: steady.p99, unit: 's' };
      const lost = backlog.lost + steady.lost;
      const astray = backlog.outOfOrder + steady.outOfOrder;
      return {
        rows: [
          { ...rate, goal: { atLeast: 2_000 } },
          { what: `delay at ${STEADY_PER_SECOND} events/s, p50`, value: steady.p50, unit: 's' },
          { ...delay, goal: { atMost: 5 } },
          { what: 'events that were lost', value: lost, unit: '', goal: { atMost: 0 } },
          { what: "events out of their agent's order", value: astray, unit: '', goal: { atMost: 0 } },
        ],
        summary: { ingestPerSecond: Math.round(backlog.perSecond), ingestP99Seconds: steady.p99 },
        details: { agents: AGENTS, backlog, steady },
      };
    });
  },
};

/** The topic is filled while nobody takes from it; then the host starts and takes everything. */
async function drainBacklog(stack: Stack, perAgent: number, say: (line: string) => void) {
  const runId = 'bench-backlog';
  const agents = agentsOf(runId);
  const total = agents.length * perAgent;
  await inside(stack, 'plantAgents', { runId, agents } satisfies PlantAgents);
  await stack.host.kill9();
  say(`filling the topic with ${total} events`);
  const timestamp = new Date().toISOString();
  const sent: Sent = await inside(stack, 'sendEvents', {
    runId,
    agents,
    perAgent,
    timestamp,
  } satisfies SendEvents);
  say(`filled in ${Math.round(sent.seconds)} s; the host takes them`);
  const before = await completed(stack);
  await stack.host.restart();
  const begun = performance.now();
  await untilCompleted(stack, before + total);
  const seconds = (performance.now() - begun) / 1_000;
  say(`taken in ${seconds.toFixed(1)} s; reading the logs`);
  const read = await Promise.all(agents.map((agentId) => seqsOf(stack, agentId)));
  return {
    events: total,
    seconds,
    perSecond: total / seconds,
    lost: read.reduce((sum, seqs) => sum + perAgent - new Set(seqs).size, 0),
    outOfOrder: read.reduce((sum, seqs) => sum + outOfOrder(seqs), 0),
  };
}

/** Events come at a steady pace; the logs of a few agents are looked at again and again. */
async function followStream(stack: Stack, perAgent: number, say: (line: string) => void) {
  const runId = 'bench-steady';
  const agents = agentsOf(runId);
  await inside(stack, 'plantAgents', { runId, agents } satisfies PlantAgents);
  const total = agents.length * perAgent;
  say(`sending ${total} events, ${STEADY_PER_SECOND} a second`);
  const before = await completed(stack);
  const sending = inside<Sent>(stack, 'sendEvents', {
    runId,
    agents,
    perAgent,
    perSecond: STEADY_PER_SECOND,
  } satisfies SendEvents);
  const watching = Promise.all(agents.slice(0, WATCHED).map((agentId) => watch(stack, agentId, perAgent)));
  const [watched] = await Promise.all([watching, sending.then(() => untilCompleted(stack, before + total))]);
  const delays = watched.flatMap((each) => each.delays);
  const all = await Promise.all(agents.map((agentId) => seqsOf(stack, agentId)));
  return {
    events: total,
    perSecond: STEADY_PER_SECOND,
    p50: percentile(delays, 0.5) / 1_000,
    p99: percentile(delays, 0.99) / 1_000,
    max: percentile(delays, 1) / 1_000,
    lost: all.reduce((sum, seqs) => sum + perAgent - new Set(seqs).size, 0),
    outOfOrder: watched.reduce((sum, { seqs }) => sum + outOfOrder(seqs), 0),
  };
}

/** Reads one agent's log from its beginning to its last event; how late each event could be read, in milliseconds. */
async function watch(stack: Stack, agentId: string, count: number) {
  const delays: number[] = [];
  const seqs: number[] = [];
  const deadline = Date.now() + LIMIT_MS;
  for (let cursor: string | undefined; seqs.length < count; ) {
    if (Date.now() > deadline) throw new Error(`${agentId}: ${seqs.length} of ${count} events came.`);
    await pause(LOOK_MS);
    const query: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = Logs.parse(await getJson(`${stack.url}/api/v1/agents/${agentId}/logs?tail=1000${query}`));
    const now = Date.now();
    cursor = answer.next_cursor;
    delays.push(...answer.logs.map(({ timestamp }) => now - Date.parse(timestamp)));
    seqs.push(...answer.logs.map(({ metadata }) => metadata.seq));
  }
  return { delays, seqs };
}

async function seqsOf(stack: Stack, agentId: string): Promise<number[]> {
  const { logs } = Logs.parse(await getJson(`${stack.url}/api/v1/agents/${agentId}/logs?tail=1000`));
  return logs.map(({ metadata }) => metadata.seq);
}

/** How many events stand behind one that was sent later. */
function outOfOrder(seqs: readonly number[]): number {
  let highest = -1;
  let count = 0;
  for (const seq of seqs) {
    if (seq < highest) count += 1;
    else highest = seq;
  }
  return count;
}

function agentsOf(runId: string): string[] {
  return Array.from({ length: AGENTS }, (_, index) =>
    stem(runId, `compute-${String(index + 1).padStart(2, '0')}`),
  );
}

async function untilCompleted(stack: Stack, count: number): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (let seen = await completed(stack); seen < count; seen = await completed(stack)) {
    if (Date.now() > deadline) throw new Error(`${count - seen} events still wait in the subscription.`);
    await pause(LOOK_MS / 2);
  }
}

async function completed(stack: Stack): Promise<number> {
  const [counters] = Counters.parse(await getJson(`${stack.standIn.controlUrl}/control/messaging`));
  return counters?.completed ?? 0;
}
