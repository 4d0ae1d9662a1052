import { setTimeout as sleep } from 'node:timers/promises';
import { PHASES, type Phase } from '../../src/domain/run.ts';
import { type DurableStatus, findStatus, hasFinished } from '../stack/durable.ts';
import type { Moment, TerminatedIn } from './cases.ts';

const POLL_MS = 50;
/** Every question costs the host something, and many labs share a machine. */
const SLOW_POLL_MS = 400;
const ORDER: readonly string[] = PHASES;

/** The phase that an instance shows; undefined before the first. */
export function phaseOf(status: DurableStatus | undefined): Phase | undefined {
  const custom = status?.customStatus;
  const phase: unknown =
    custom !== null && typeof custom === 'object' ? Reflect.get(custom, 'phase') : undefined;
  return PHASES.find((known) => known === phase);
}

/**
 * Resolves when the instance is in the phase, beyond it or ended; false when `signal` aborts before. Some phases last for
 * a moment only: whoever has to catch one asks often.
 */
export async function reached(
  hostUrl: string,
  instanceId: string,
  phase: TerminatedIn | Moment,
  signal: AbortSignal,
  pollMs = POLL_MS,
): Promise<boolean> {
  const goal = ORDER.indexOf(phase);
  while (!signal.aborted) {
    const status = await statusOrNothing(hostUrl, instanceId);
    if (status && hasFinished(status)) return true;
    if (ORDER.indexOf(phaseOf(status) ?? '') >= goal) return true;
    await sleep(pollMs);
  }
  return false;
}

/** The last status of the instance, once it has ended; undefined when it has not after `limitMs`, or `giveUp` aborts. */
export async function ended(
  hostUrl: string,
  instanceId: string,
  limitMs: number,
  giveUp?: AbortSignal,
  onPhase: (phase: Phase) => void = () => {},
): Promise<DurableStatus | undefined> {
  const deadline = Date.now() + limitMs;
  let last: Phase | undefined;
  while (Date.now() < deadline && !giveUp?.aborted) {
    const status = await statusOrNothing(hostUrl, instanceId);
    const phase = phaseOf(status);
    if (phase && phase !== last) onPhase(phase);
    last = phase;
    if (status && hasFinished(status)) return status;
    await sleep(SLOW_POLL_MS);
  }
  return undefined;
}

/** A host that was killed does not answer for a moment. */
async function statusOrNothing(hostUrl: string, instanceId: string): Promise<DurableStatus | undefined> {
  return findStatus(hostUrl, instanceId).catch(() => undefined);
}
