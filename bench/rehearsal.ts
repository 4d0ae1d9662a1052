import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { mock } from 'node:test';
import { DummyOrchestrationContext } from 'durable-functions';
import { createOrchestrator } from 'durable-functions/lib/src/util/testingUtils.js';
import { ORCHESTRATORS } from '../local/histories/orchestrators.ts';
import { Engine } from '../local/host/durable/engine.ts';
import { type Instance, isFinal } from '../local/host/durable/instance.ts';
import { Store } from '../local/host/durable/store.ts';
import type { Activities } from '../src/activities/contracts.ts';

export type Play = {
  [N in keyof Activities]: (input: Activities[N]['input'], owner: string) => Activities[N]['output'];
};

export interface Rehearsed {
  /** All orchestrations as they ended. */
  readonly instances: readonly Instance[];
  /** How often an orchestrator was replayed, and what that took of the processor. */
  readonly replays: number;
  readonly replayMs: number;
}

const STEP_MS = 5_000;
const BEGIN = Date.parse('2026-11-21T06:00:00Z');

/** Checkpoints are not what is measured. */
class Forgetful extends Store {
  override save(): void {}
}

/**
 * Performs one run with the real orchestrators, the real SDK and the local host's engine, in time that passes as fast as it
 * can; what the activities answer is played. Throws when the run has not ended after `hours`.
 */
export async function rehearse(
  runId: string,
  input: object,
  play: Play,
  { hours, activities }: { readonly hours: number; readonly activities: number },
): Promise<Rehearsed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'haymaker-rehearsal-'));
  let replays = 0;
  let replayMs = 0;
  let underWay = 0;
  const perform = async (name: string, text: string, owner: string): Promise<unknown> => {
    const orchestrator = ORCHESTRATORS[name];
    if (!orchestrator) return play[name as keyof Activities](JSON.parse(text) as never, owner);
    const begun = performance.now();
    const context = new DummyOrchestrationContext(name) as Parameters<
      ReturnType<typeof createOrchestrator>
    >[1];
    const state = await createOrchestrator(orchestrator)(JSON.parse(text), context);
    replayMs += performance.now() - begun;
    replays += 1;
    return state;
  };
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: BEGIN });
  const engine = new Engine({
    store: new Forgetful(folder),
    log: { user: () => undefined, host: (_level, message) => console.error(message) },
    maxConcurrentActivities: activities,
    known: { activities: new Set(Object.keys(play)), orchestrators: new Set(Object.keys(ORCHESTRATORS)) },
    async invoke(_kind, name, data, metadata) {
      underWay += 1;
      try {
        const owner = JSON.parse(metadata.instanceId?.string ?? '""') as string;
        const result = await perform(name, data.string ?? 'null', owner);
        return { returnValue: { json: JSON.stringify(result) } } as never;
      } finally {
        underWay -= 1;
      }
    },
  });
  const settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet = underWay === 0 ? quiet + 1 : 0)
      await new Promise<void>((resolve) => void setImmediate(resolve));
  };
  try {
    engine.start({
      name: 'orchestrate_haymaker_run',
      instanceId: runId,
      input: JSON.stringify(input),
      version: '1.0',
    });
    for (let passed = 0; passed < hours * 3_600_000; passed += STEP_MS) {
      await settled();
      const run = engine.get(runId);
      if (run && isFinal(run.status)) return { instances: engine.list(), replays, replayMs };
      mock.timers.tick(STEP_MS);
    }
    throw new Error(`${runId} has not ended after ${hours} h of its own time`);
  } finally {
    engine.stop();
    mock.timers.reset();
    rmSync(folder, { recursive: true, force: true });
  }
}
