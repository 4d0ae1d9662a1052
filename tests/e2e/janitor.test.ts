import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilLogged } from './support/appLog.ts';
import { request, until } from './support/http.ts';
import {
  asApp,
  callJanitor,
  closedByJanitor,
  HASTY,
  isIn,
  terminate,
  verifiedProof,
} from './support/janitor.ts';
import { dumpStorage, leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

const TWO = { scenarios: ['compute-01', 'networking-01'] };
const FOREIGN = 'hm-deadbeef-archive';

let at: Target;
beforeAll(async () => {
  at = await target(HASTY);
});
afterAll(() => at?.stop());

/** The run's row in the books, as text. */
async function rowOf(runId: string): Promise<string> {
  const lines = (await dumpStorage(at)).split('\n');
  return lines.find((line) => line.startsWith('table Runs') && line.includes(`"rowKey":"${runId}"`)) ?? '';
}

describe.runIf(!process.env.HAYMAKER_URL)('the janitor', () => {
  it.each(['validating', 'selecting', 'provisioning', 'monitoring', 'cleaning'])(
    'closes a run that was terminated while %s',
    async (phase) => {
      const runId = await startRun(at, { id: `ended-while-${phase}`, body: TWO });
      await until(() => statusOf(at, runId), isIn(phase), 120_000, 5);
      await terminate(at, runId);

      const outcome = await closedByJanitor(at, runId);
      expect(outcome).toMatchObject({ runId, status: 'failed', cleanupStatus: 'verified', leftovers: 0 });
      expect(await leftInCloud(at, runId)).toEqual([]);
      const row = await rowOf(runId);
      expect(row).toContain('"status":"failed"');
      expect(row).toContain('"cleanupStatus":"verified"');
      expect(row).toContain('its orchestration is Terminated');
    },
  );

  it('leaves a live run alone, and what only looks like ours; no new run takes the id of one that it closes', async () => {
    await asApp(at, 'makeGroup.ts', FOREIGN);
    const live = await startRun(at, { id: 'the-living', body: TWO });
    const dead = await startRun(at, { id: 'the-dead', body: TWO });
    await Promise.all([live, dead].map((id) => until(() => statusOf(at, id), isIn('monitoring'), 120_000)));
    const before = await leftInCloud(at, live);
    await terminate(at, dead);

    const closed = closedByJanitor(at, dead);
    await until(
      () => statusOf(at, 'close-the-dead'),
      ({ runtimeStatus }) => runtimeStatus === 'Running',
      60_000,
    );
    if ((await statusOf(at, live)).customStatus?.phase === 'monitoring') {
      expect((await leftInCloud(at, live))?.length).toBeGreaterThanOrEqual(before?.length ?? 0);
    }
    await startRun(at, { id: dead, body: TWO });
    expect(await outcomeOf(at, dead)).toMatchObject({
      status: 'failed',
      cleanupStatus: 'not_needed',
      reportPath: null,
      problems: [`There has been a run with the id ${dead} before. Start this one under an id of its own.`],
    });
    expect(await closed).toMatchObject({ status: 'failed', cleanupStatus: 'verified' });
    const outcome = await outcomeOf(at, live);
    expect(outcome).toMatchObject({ cleanupStatus: 'verified', agents: { total: 2 } });
    expect(outcome.status).not.toBe('failed');
    expect(await statusOf(at, 'close-the-living')).toBe('');
    for (const runId of [live, dead]) {
      expect(await verifiedProof(at, runId)).toContain(`The proof of ${runId} holds: this run left nothing.`);
    }

    const left = (await request<{ name: string }[]>(`${at.controlUrl}/control/leftovers`)).body;
    expect(left.map(({ name }) => name)).toEqual([FOREIGN]);
    await untilLogged(
      at,
      'janitor_foreign',
      ({ source, id }) => source === 'arm-groups' && id.endsWith(`resourceGroups/${FOREIGN}`),
    );
  });

  it('says so when a source is silent, and forgets nothing', async () => {
    const runId = await startRun(at, { id: 'seen-by-one', body: TWO });
    await until(() => statusOf(at, runId), isIn('monitoring'), 120_000);
    await terminate(at, runId);
    await callJanitor(at);
    const fault = {
      match: 'GET kv-haymaker.vault.azure.net/secrets',
      kind: 'status',
      status: 403,
      code: 'Forbidden',
    };
    await request(`${at.controlUrl}/control/faults`, { body: fault });
    try {
      await callJanitor(at);
      await untilLogged(at, 'janitor_blind', ({ source }) => source === 'key-vault');
      await untilLogged(at, 'janitor_round', ({ silent }) => silent > 0);
    } finally {
      await request(`${at.controlUrl}/control/faults`, { method: 'DELETE' });
    }
    expect(await closedByJanitor(at, runId)).toMatchObject({ cleanupStatus: 'verified' });
    expect(await leftInCloud(at, runId)).toEqual([]);
  });

  it('cleans up after a host that was killed and has lost its task hub', async () => {
    const runId = await startRun(at, { id: 'hub-is-gone', body: TWO });
    const made = await until(
      () => leftInCloud(at, runId),
      (left = []) => left.length > 4,
      120_000,
      20,
    );
    expect(made).not.toEqual([]);
    await at.stack?.host.kill9();
    rmSync(at.stack?.state ?? '', { recursive: true, force: true });
    await at.stack?.host.restart();

    expect(await closedByJanitor(at, runId)).toMatchObject({ status: 'failed', cleanupStatus: 'verified' });
    expect(await leftInCloud(at, runId)).toEqual([]);
    expect(await rowOf(runId)).toContain('the durable engine does not know it any more');
  });

  it('cleans up when the books are lost, too, as soon as the lease is over', async () => {
    const runId = await startRun(at, { id: 'all-is-gone', body: TWO });
    await until(() => statusOf(at, runId), isIn('monitoring'), 120_000);
    await at.stack?.host.kill9();
    rmSync(at.stack?.state ?? '', { recursive: true, force: true });
    await asApp(at, 'wipeTables.ts');
    await at.stack?.host.restart();

    await callJanitor(at);
    await callJanitor(at);
    await untilLogged(
      at,
      'janitor_found',
      ({ run_id, verdict }) => run_id === 'all-is-gone' && verdict === 'leased',
    );
    expect(await closedByJanitor(at, runId)).toMatchObject({ status: 'failed', cleanupStatus: 'verified' });
    expect(await leftInCloud(at, runId)).toEqual([]);
    const row = await rowOf(runId);
    expect(row).toContain('"cleanupStatus":"verified"');
  });
});
