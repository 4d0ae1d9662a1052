import { setTimeout as sleep } from 'node:timers/promises';
import { ensureError } from '../../src/domain/errors.ts';
import { chanceOf, ORDINARY_BEHAVIOURS, shuffled } from '../azure/agentBehaviour.ts';
import { findStatus, hasFinished, startRun, statusUrl } from '../stack/durable.ts';
import type { Case, Moment } from './cases.ts';
import { doublesOf } from './doubles.ts';
import { ended, reached } from './durableRun.ts';
import { faultSpec } from './faultNames.ts';
import { letJanitorFinish } from './janitor.ts';
import type { Observation } from './judge.ts';
import type { Lab } from './lab.ts';
import { lieOf } from './liars.ts';
import { saidBy, whyItBrokeOff } from './said.ts';

const SCENARIOS = ['compute-01', 'networking-01', 'security-01', 'webapps-01', 'databases-01'];
/** Past this a run is stuck: a lasting fault costs each step its retries, but every wait is bounded. */
const STUCK_MS = 420_000;
/** Within this time a run of a case passes through all of its phases. */
const RUN_MS = 20_000;
const MOST_KILLS = 3;
/** The phases in which faults are armed last for a second and more. */
const ARM_POLL_MS = 200;

/** Performs one run with what the case does to it, and returns what was seen; never rejects. */
export async function performCase(lab: Lab, one: Case, seed: string, runId: string): Promise<Observation> {
  const { stack, control } = lab;
  const begun = Date.now();
  const chance = chanceOf(`${seed}/${one.id}`);
  const scenarios = shuffled(SCENARIOS, chance).slice(0, 2);
  const over = new AbortController();
  let observation: Observation = {
    case: one,
    runId,
    ended: 'stuck',
    leftAfterRun: [],
    leftInTheEnd: [],
    doubles: [],
    secondsToClean: 0,
    totalSeconds: 0,
  };
  try {
    await lab.reset({ cold: one.group === 'fault' && one.cold });
    await control.forgetCalls();
    const lie = one.group === 'liars' ? lieOf(one.liar) : {};
    const behaviours = scenarios.map((id) => [
      id,
      lie.behaviour ?? shuffled(ORDINARY_BEHAVIOURS, chance)[0] ?? 'clean',
    ]);
    await control.behaviours(Object.fromEntries(behaviours));
    if (one.group === 'fault' && one.moment === 'start') await arm(lab, one);
    if (lie.lies) await control.lies(lie.lies);
    if (lie.delays) await control.delays(lie.delays);

    await startRun(stack.url, runId, { scenarios });
    const disturbance = disturb(lab, one, runId, chance, over.signal);
    let cleaningSince: number | undefined;
    const status = await ended(stack.url, runId, STUCK_MS, lab.lost, (phase) => {
      if (phase === 'cleaning') cleaningSince ??= Date.now();
    });
    over.abort();
    await disturbance;
    lab.lost.throwIfAborted();
    const endedAt = Date.now();

    const hits = await control.disarm();
    const leftAfterRun = await control.leftovers();
    await lab.reset({ cold: false });
    const said = status && (await saidBy(stack, status, leftAfterRun.length > 0));
    const failure = status && whyItBrokeOff(status);
    const leftInTheEnd = await letJanitorFinish(stack, control);
    const executions = (await control.agents()).filter((agent) => agent.runId === runId);
    const cleanAt = leftAfterRun.length > 0 ? Date.now() : endedAt;
    observation = {
      ...observation,
      ended: status?.runtimeStatus ?? 'stuck',
      ...(said ? { said } : {}),
      ...(failure ? { failure } : {}),
      leftAfterRun,
      leftInTheEnd,
      doubles: doublesOf(await control.calls(), executions),
      ...(one.group === 'fault' ? { hits } : {}),
      secondsToClean: Math.round((cleanAt - (cleaningSince ?? endedAt)) / 1_000),
    };
  } catch (error) {
    observation = { ...observation, broken: ensureError(error).message };
  } finally {
    over.abort();
  }
  return { ...observation, totalSeconds: Math.round((Date.now() - begun) / 1_000) };
}

/** What the case does while the run is under way. */
async function disturb(
  lab: Lab,
  one: Case,
  runId: string,
  chance: () => number,
  over: AbortSignal,
): Promise<void> {
  const { stack } = lab;
  switch (one.group) {
    case 'fault':
      if (one.moment !== 'start' && (await reached(stack.url, runId, one.moment, over, ARM_POLL_MS)))
        await arm(lab, one);
      return;
    case 'kill':
      return kill(lab, runId, chance, over);
    case 'terminate':
      if (!(await reached(stack.url, runId, one.phase, over))) return;
      await fetch(`${statusUrl(stack.url, runId)}/terminate?reason=torture`, { method: 'POST' });
      return;
    case 'liars':
      return lieOn(lab, one, runId, over);
  }
}

async function arm(lab: Lab, one: Case & { group: 'fault' }): Promise<void> {
  await lab.control.arm(faultSpec(one.call, one.fault, one.lasting));
}

/** Kills the host up to three times at random moments of a run and starts it again. */
async function kill(lab: Lab, runId: string, chance: () => number, over: AbortSignal): Promise<void> {
  const { host, url } = lab.stack;
  const kills = 1 + Math.floor(chance() * MOST_KILLS);
  const moments = Array.from({ length: kills }, () => chance() * RUN_MS).sort((a, b) => a - b);
  const begun = Date.now();
  for (const moment of moments) {
    await pause(begun + moment - Date.now(), over);
    const status = await findStatus(url, runId).catch(() => undefined);
    if (over.aborted || (status && hasFinished(status))) return;
    await host.kill9();
    await host.restart();
  }
}

async function lieOn(
  lab: Lab,
  one: Case & { group: 'liars' },
  runId: string,
  over: AbortSignal,
): Promise<void> {
  const { jump, endsAfterCleaningMs } = lieOf(one.liar);
  const at = (moment: Moment) => reached(lab.stack.url, runId, moment, over);
  if (jump && (await at(jump.moment))) {
    if (jump.clock === 'host') lab.setHostClock(jump.aheadMs);
    else await lab.control.clock(jump.aheadMs);
  }
  if (endsAfterCleaningMs && (await at('cleaning'))) {
    await pause(endsAfterCleaningMs, over);
    if (!over.aborted) await lab.control.lies({});
  }
}

/** Waits, but not longer than the run. */
async function pause(ms: number, over: AbortSignal): Promise<void> {
  try {
    await sleep(Math.max(0, ms), undefined, { signal: over });
  } catch (error) {
    if (!over.aborted) throw error;
  }
}
