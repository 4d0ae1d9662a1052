import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { ensureError } from '../src/domain/errors.ts';

const REQUEST_MS = 60_000;
const Agents = z.object({ agents: z.array(z.object({ agent_id: z.string() })).min(1) });

/** How long the answers of one route took. */
export interface Measured {
  readonly route: string;
  readonly requests: number;
  /** Answers other than 200, and requests without one. */
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Reads status, agents and logs of a live run for `seconds` with `readers` callers at once, each sending its next request
 * when the answer to the last is there. Throws when there is no agent to read about.
 */
export async function measureReaders(
  url: string,
  { readers, seconds }: { readers: number; seconds: number },
): Promise<Measured[]> {
  const { agents } = Agents.parse(await (await fetch(`${url}/api/v1/agents`)).json());
  const routes = ['status', 'agents?limit=100', `agents/${agents[0]?.agent_id}/logs?tail=100`];
  const samples = new Map<string, { times: number[]; errors: number }>(
    routes.map((route) => [route, { times: [], errors: 0 }]),
  );
  const deadline = performance.now() + seconds * 1_000;
  const reader = async (first: number): Promise<void> => {
    for (let turn = first; performance.now() < deadline; turn += 1) {
      const route = routes[turn % routes.length] ?? 'status';
      const sample = samples.get(route);
      const begun = performance.now();
      const ok = await read(`${url}/api/v1/${route}`);
      sample?.times.push(performance.now() - begun);
      if (!ok && sample) sample.errors += 1;
    }
  };
  await Promise.all(Array.from({ length: readers }, (_, index) => reader(index)));
  return [...samples].map(([route, { times, errors }]) =>
    summary(route.split('?')[0] ?? route, times, errors),
  );
}

async function read(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
    await response.text();
    if (!response.ok) console.error(`${url}: ${response.status}`);
    return response.ok;
  } catch (thrown) {
    console.error(`${url}: ${ensureError(thrown).message}`);
    return false;
  }
}

function summary(route: string, times: number[], errors: number): Measured {
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  const name = route.replace(/agents\/.*\/logs/, 'agents/{id}/logs');
  return { route: name, requests: times.length, errors, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
