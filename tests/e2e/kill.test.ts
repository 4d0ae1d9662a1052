import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Phase } from '../../src/domain/run.ts';
import { until } from './support/http.ts';
import { creations, leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

let at: Target;
beforeAll(async () => {
  at = await target();
});
afterAll(() => at?.stop());

const ORDER: Phase[] = ['validating', 'selecting', 'provisioning', 'monitoring', 'cleaning', 'reporting'];

/** Kills the host as soon as the run has reached the phase, and starts it again. Returns the phase it was killed in. */
async function killIn(runId: string, phase: Phase): Promise<Phase | undefined> {
  const reached = await until(
    () => statusOf(at, runId),
    ({ customStatus }) =>
      ORDER.indexOf(customStatus?.phase ?? 'validating') >= ORDER.indexOf(phase) && customStatus !== null,
    120_000,
    5,
  );
  await at.stack?.host.kill9();
  await at.stack?.host.restart();
  return reached.customStatus?.phase;
}

describe.runIf(!process.env.HAYMAKER_URL)('kill -9 of the host', () => {
  it('in every phase of one run: it completes, clean, without a second principal or job for any agent', async () => {
    const runId = await startRun(at, {
      id: 'killed-in-every-phase',
      // Its window must not have passed before monitoring begins: two hosts have to start on the way.
      body: { duration: 'PT50S' },
    });
    const killedIn: (Phase | undefined)[] = [];
    for (const phase of ORDER) killedIn.push(await killIn(runId, phase));
    expect(killedIn).toEqual(ORDER);

    const outcome = await outcomeOf(at, runId);
    expect(outcome).toMatchObject({ cleanupStatus: 'verified', leftovers: 0, agents: { total: 5 } });
    expect(await leftInCloud(at, runId)).toEqual([]);
    const doubles = Object.entries(await creations(at)).filter(([, count]) => count > 1);
    expect(doubles).toEqual([]);
  });

  it.each(['provisioning', 'cleaning'] as const)('twice in a row while %s', async (phase) => {
    const runId = await startRun(at, { body: { scenarios: ['compute-01', 'networking-01', 'webapps-01'] } });
    await killIn(runId, phase);
    await killIn(runId, phase);
    const outcome = await outcomeOf(at, runId);
    expect(outcome).toMatchObject({ cleanupStatus: 'verified', leftovers: 0, agents: { total: 3 } });
    expect(await leftInCloud(at, runId)).toEqual([]);
    const doubles = Object.entries(await creations(at)).filter(([, count]) => count > 1);
    expect(doubles).toEqual([]);
  });
});
