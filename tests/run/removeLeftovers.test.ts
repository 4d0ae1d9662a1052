import { afterEach, describe, expect, it } from 'vitest';
import type { VerifyOutput } from '../../src/activities/contracts.ts';
import type { CleanupResult } from '../../src/domain/cleanup.ts';
import type { RemoveLeftoversInput } from '../../src/run/removeLeftovers.ts';
import { type Rehearsal, rehearse } from '../support/orchestrations.ts';

const clean: VerifyOutput = { verdict: 'clean', found: 0, deleting: 0, blindSources: [], fingerprint: '' };
const left = (found: number, deleting = 0): VerifyOutput => ({
  ...clean,
  verdict: 'leftovers',
  found,
  deleting,
});
const blind: VerifyOutput = { ...clean, verdict: 'unknown', blindSources: ['resource-graph'] };
const lock = { kind: 'resource-group' as const, id: 'g', reason: 'held by lock keep' };

let run: Rehearsal;
afterEach(() => run.close());

/** Plays a sequence of answers; the last one repeats. Returns the result and how often was asked and deleted. */
async function cleanUp(
  answers: VerifyOutput[],
  policy = { rounds: 4, cleanPasses: 2, passIntervalSeconds: 60 },
  options: Partial<RemoveLeftoversInput> = {},
) {
  run = rehearse({
    verify_cleanup_activity: (_input, call) => answers[Math.min(call, answers.length) - 1] ?? clean,
    force_cleanup_activity: ({ dryRun }) => ({
      started: 1,
      removed: 1,
      failures: [lock],
      ...(dryRun ? { planned: [{ kind: 'job', id: 'j' }] } : {}),
    }),
  });
  run.start('remove_leftovers', 'cleanup-r', { runId: 'r', policy, ...options });
  const instance = await run.untilEnded('cleanup-r', 48);
  return {
    result: instance.output as CleanupResult,
    asked: run.inputsOf('verify_cleanup_activity').length,
    forced: run.inputsOf('force_cleanup_activity').length,
  };
}

describe('removal of leftovers', () => {
  it('needs two clean answers, some time apart', async () => {
    const { result, asked, forced } = await cleanUp([clean]);
    expect(result).toMatchObject({ status: 'verified', cleanPasses: 2, remaining: 0, quarantined: [] });
    expect([asked, forced]).toEqual([2, 0]);
    const [first, second] = run.calls;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('starts the count again when something new turns up after a clean answer', async () => {
    const { result, asked } = await cleanUp([left(3), clean, left(1), clean, clean]);
    expect(result.status).toBe('verified');
    expect(asked).toBe(5);
  });

  it('starts the count again when a source was blind', async () => {
    const { result, asked } = await cleanUp([clean, blind, clean, clean]);
    expect(result.status).toBe('verified');
    expect(asked).toBe(4);
  });

  it('never calls it clean while a source stays blind, and names it', async () => {
    const { result, asked } = await cleanUp([blind]);
    expect(result).toMatchObject({ status: 'unknown', remaining: 0, blindSources: ['resource-graph'] });
    expect(asked).toBe(4);
  });

  it('gives up after its rounds on what cannot be deleted, and says why', async () => {
    const { result, forced } = await cleanUp([left(1)]);
    expect(result).toMatchObject({ status: 'leftovers', remaining: 1, quarantined: [lock] });
    expect(forced).toBe(4);
  });

  it('does not use up its rounds while Azure is deleting, or while less and less is left', async () => {
    const slow = Array.from({ length: 40 }, () => left(5, 5));
    const fewer = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((found) => left(found));
    expect((await cleanUp([...slow, ...fewer, clean])).result.status).toBe('verified');
  });

  it('looks again soon while Azure is at a deletion, and the later the longer that takes, but every interval', async () => {
    await cleanUp([...Array.from({ length: 60 }, () => left(5, 5)), clean]);
    const pauses = run.calls
      .filter(({ name }) => name === 'verify_cleanup_activity')
      .map(({ at }, index, all) => (at - (all[index - 1]?.at ?? at)) / 1_000)
      .slice(1, 60);
    const waited = (looks: number) => pauses.slice(0, looks).reduce((sum, one) => sum + one, 0);
    expect(pauses.slice(0, 8).every((seconds) => seconds < 12)).toBe(true);
    for (const [index, seconds] of pauses.entries())
      expect(seconds).toBeLessThanOrEqual(Math.max(12, Math.min(61, waited(index) / 8 + 2)));
    expect(pauses.at(-1)).toBeGreaterThan(55);
  });

  it('has an end even if Azure deletes for ever', async () => {
    const { result } = await cleanUp([left(1, 1)]);
    expect(result.status).toBe('leftovers');
  });

  it('asks for the closing of the books only with the answer that proves it', async () => {
    await cleanUp([clean, left(1), clean, clean]);
    expect(run.inputsOf('verify_cleanup_activity').map(({ provesIt }) => provesIt)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('has rounds of its own, and carries its count through more rounds than one history should hold', async () => {
    const slow = Array.from({ length: 95 }, () => left(5, 5));
    const { result } = await cleanUp([...slow, clean, clean]);
    expect(result).toMatchObject({ status: 'verified', rounds: 97, removed: 95 });
    const asked = run.inputsOf('verify_cleanup_activity');
    expect(asked.map(({ round }) => round)).toEqual(Array.from({ length: 97 }, (_, index) => index + 1));
    expect(new Set(asked.map(({ sweep }) => sweep)).size).toBe(1);
    expect(asked[0]?.sweep).toMatch(/^20261121T0600\d\dZ$/);
    expect(run.inputsOf('force_cleanup_activity')[70]?.target).toMatchObject({ kind: 'round', round: 71 });
  });

  it('passes its mode on', async () => {
    await cleanUp([left(1)], undefined, { mode: 'best-effort' });
    expect(run.inputsOf('force_cleanup_activity')[0]).toMatchObject({ mode: 'best-effort' });
  });

  it('dry, says what would be deleted and deletes nothing', async () => {
    const { result } = await cleanUp([left(2)], undefined, { dryRun: true });
    expect(result).toMatchObject({ status: 'leftovers', remaining: 2, quarantined: [lock] });
    expect(result.planned).toEqual([{ kind: 'job', id: 'j' }]);
    const inputs = [...run.inputsOf('verify_cleanup_activity'), ...run.inputsOf('force_cleanup_activity')];
    expect(inputs.map(({ dryRun }) => dryRun)).toEqual([true, true]);
  });

  it('ancestor 43: refuses to be a second clean-up of the run, and to start without an input', async () => {
    run = rehearse({});
    const policy = { rounds: 4, cleanPasses: 2, passIntervalSeconds: 60 };
    run.start('remove_leftovers', 'another', { runId: 'r', policy });
    run.start('remove_leftovers', 'cleanup-x', {});
    const [second, empty] = [await run.untilEnded('another'), await run.untilEnded('cleanup-x')];
    expect(second.status).toBe('Failed');
    expect(JSON.stringify(second.output)).toMatch(/must be the instance cleanup-r/);
    expect(JSON.stringify(empty.output)).toMatch(/remove_leftovers needs/);
    expect(run.calls).toEqual([]);
  });

  it('begins all deletions of a round before it looks again, however many calls that takes', async () => {
    run = rehearse({
      verify_cleanup_activity: (_input, call) => (call === 1 ? left(500) : clean),
      force_cleanup_activity: (_input, call) => ({
        started: 200,
        removed: 0,
        failures: [],
        ...(call < 3 ? { next: call * 200 } : {}),
      }),
    });
    const policy = { rounds: 4, cleanPasses: 2, passIntervalSeconds: 60 };
    run.start('remove_leftovers', 'cleanup-r', { runId: 'r', policy });
    await run.untilEnded('cleanup-r');
    const targets = run.inputsOf('force_cleanup_activity').map(({ target }) => target);
    expect(targets).toMatchObject([{ round: 1 }, { round: 1, from: 200 }, { round: 1, from: 400 }]);
    expect((run.calls[3]?.at ?? 0) - (run.calls[0]?.at ?? 0)).toBeLessThan(1_000);
  });

  it('looks soon while things go away, and less and less often when they do not', async () => {
    const policy = { rounds: 9, cleanPasses: 2, passIntervalSeconds: 60 };
    await cleanUp([left(9), left(5), left(5), left(5), left(5), left(2), clean], policy);
    const looks = run.calls.filter(({ name }) => name === 'verify_cleanup_activity').map(({ at }) => at);
    const waits = looks.slice(1).map((at, index) => Math.round((at - (looks[index] ?? 0)) / 1_000));
    expect(waits).toEqual([10, 10, 20, 40, 60, 10, 60]);
  });
});
