import { closingInstanceId } from '../run/closeRun.ts';
import { cleanupInstanceId } from '../run/removeLeftovers.ts';

/** A live instance of the durable engine. */
export interface LiveInstance {
  readonly name: string;
  readonly instanceId: string;
}

/** What the engine's live instances say of runs. */
export interface Vitals {
  /** Runs whose own orchestration lives. */
  readonly runIds: readonly string[];
  /** Also when only a part of it lives: a terminated run's children go on, and still make or remove things. */
  isAlive(runId: string): boolean;
  /** The janitor is closing it. */
  isClosing(runId: string): boolean;
}

export function vitalsOf(live: readonly LiveInstance[]): Vitals {
  const ids = new Set(live.map(({ instanceId }) => instanceId));
  const provisioning = live.filter(({ name }) => name === 'provision_agent' || name === 'provision_lane');
  return {
    runIds: live
      .filter(({ name }) => name === 'orchestrate_haymaker_run')
      .map(({ instanceId }) => instanceId),
    isAlive: (runId) =>
      ids.has(runId) ||
      ids.has(cleanupInstanceId(runId)) ||
      provisioning.some(({ instanceId }) => instanceId.startsWith(`${runId}-`)),
    isClosing: (runId) => ids.has(closingInstanceId(runId)),
  };
}
