import { addSeconds } from '../../src/domain/duration.ts';
import type { RunStatus } from '../../src/domain/run.ts';
import type { ListedRun } from '../../src/records/runs.ts';

const DAYS = 29;
const RUNS_A_DAY = 4;
const DAY_MS = 86_400_000;
const SCENARIOS = [
  'ai-ml-02',
  'analytics-01',
  'compute-01',
  'containers-01',
  'databases-03',
  'networking-01',
  'security-01',
  'webapps-04',
] as const;

/** A past run as the books hold it. */
export type PastRun = ListedRun & { readonly completedAt: string };

/**
 * Made-up runs of the last month, the same for the same day: the plots have something to show. Most went well, a few did
 * not, one could not clean up at first.
 */
export function pastRuns(today: Date): PastRun[] {
  const random = generator(7);
  const midnight = Math.floor(today.getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: DAYS * RUNS_A_DAY }, (_, index): PastRun => {
    const startedAt = new Date(midnight - DAYS * DAY_MS + (index * DAY_MS) / RUNS_A_DAY).toISOString();
    const status = outcome(random(), index);
    const failed = status === 'failed';
    const scenarios = [0, 1, 2, 3, 4].map((step) => SCENARIOS[(index * 3 + step) % SCENARIOS.length] ?? '');
    const left = index === 70 ? 2 : 0;
    const workedSeconds = status === 'stopped' ? 9_000 : 28_800;
    return {
      runId: `run-${startedAt.slice(0, 16).replace(/[-:]/g, '')}Z`,
      trigger: 'timer',
      phase: 'ended',
      status,
      cleanupStatus: left > 0 ? 'leftovers' : failed ? 'unknown' : 'verified',
      startedAt,
      completedAt: addSeconds(startedAt, workedSeconds + 900),
      seed: `slot-${index}`,
      scenarios,
      resourcesCreated: 40 + Math.round(random() * 30),
      leakedResources: left,
      ...(failed ? {} : { cleanSeconds: 420 + Math.round(random() * 700) }),
      estimatedCostUsd: Math.round((1.2 + random() * 4) * 100) / 100,
    };
  });
}

function outcome(chance: number, index: number): RunStatus {
  if (index === 70 || index === 31) return 'failed';
  if (chance < 0.06) return 'stopped';
  return chance < 0.26 ? 'completed_with_failures' : 'completed';
}

/** Numbers from 0 to 1, always the same ones (Park and Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
