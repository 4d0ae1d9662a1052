import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Stack, startStack } from '../stack/stack.ts';
import { type StandInControl, standInControl } from './standInControl.ts';

/** The run of a case: everything that takes hours in production takes seconds. */
const SETTINGS = {
  RUN_DURATION: 'PT14S',
  CHECK_INTERVAL: 'PT1S',
  CLEANUP_GRACE: 'PT2S',
  CLEANUP_ROUNDS: '4',
  CLEAN_PASSES: '2',
  CLEAN_PASS_INTERVAL: 'PT1S',
  JANITOR_PATIENCE: 'PT1S',
  // Never by itself: a case fires it when it is due.
  JANITOR_SCHEDULE: '0 0 0 1 1 *',
};

const QUICK_CLOUD = {
  graphReplication: 50,
  principalPropagation: 80,
  rolePropagation: 80,
  graphIndexLag: 200,
  resourceCreate: 30,
  resourceDelete: 50,
  groupDelete: 200,
  jobCreate: 50,
  jobStart: 30,
  secretDelete: 50,
};

const CLOCK = fileURLToPath(new URL('./clock.mjs', import.meta.url));

/** A stack in which one case after the other is performed; each finds it as if it were new. */
export interface Lab {
  readonly stack: Stack;
  readonly control: StandInControl;
  /** Takes everything back that a case may have changed. With `cold` the host forgets its tokens and clients. */
  reset(options: { readonly cold: boolean }): Promise<void>;
  /** Moves the clock of the app's host. */
  setHostClock(aheadMs: number): void;
  /** Copies the logs and the checkpoints to where they outlive the lab. */
  keepTraces(folder: string): void;
  /** Aborts when one of its services ends by itself (the reason is that service's story), and when everything ends. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** Starts a stack of its own in a temporary folder. Rejects with CommandError when it does not come up. */
export async function openLab(seed: string, signal: AbortSignal): Promise<Lab> {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-torture-'));
  const clockFile = path.join(folder, 'clock-ahead-ms');
  const setHostClock = (aheadMs: number) => writeFileSync(clockFile, String(aheadMs));
  setHostClock(0);
  const lost = new AbortController();
  const stack = await startStack({
    seed,
    onLost: (error) => lost.abort(error),
    signal,
    settings: {
      ...SETTINGS,
      NODE_OPTIONS: `--import ${CLOCK}`,
      HAYMAKER_CLOCK_FILE: clockFile,
    },
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const control = standInControl(stack.standIn.controlUrl);
  return {
    stack,
    control,
    lost: AbortSignal.any([signal, lost.signal]),
    setHostClock,
    keepTraces(into) {
      rmSync(into, { recursive: true, force: true });
      cpSync(stack.logs, path.join(into, 'logs'), { recursive: true });
      cpSync(stack.state, path.join(into, 'state'), { recursive: true });
    },
    async reset({ cold }) {
      setHostClock(0);
      await control.disarm();
      await control.clock(0);
      await control.lies({});
      await control.delays(QUICK_CLOUD);
      if (cold) await stack.host.restart();
    },
    async close() {
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
