import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DummyOrchestrationContext } from 'durable-functions';
import { createOrchestrator } from 'durable-functions/lib/src/util/testingUtils.js';
import { vi } from 'vitest';
import { ORCHESTRATORS } from '../../local/histories/orchestrators.ts';
import { Engine } from '../../local/host/durable/engine.ts';
import type { Instance } from '../../local/host/durable/instance.ts';
import { isFinal } from '../../local/host/durable/instance.ts';
import { Store } from '../../local/host/durable/store.ts';
import type { Activities } from '../../src/activities/contracts.ts';

type Answers = {
  [N in keyof Activities]: (input: Activities[N]['input'], call: number) => Activities[N]['output'];
};

export interface Rehearsal {
  readonly engine: Engine;
  readonly calls: { readonly name: string; readonly input: unknown; readonly at: number }[];
  /** The inputs that one activity was called with. */
  inputsOf<N extends keyof Activities>(name: N): Activities[N]['input'][];
  start(name: string, instanceId: string, input: unknown): void;
  /** Lets virtual time pass until the instance has ended. Throws when it has not after `hours`. */
  untilEnded(instanceId: string, hours?: number): Promise<Instance>;
  pass(seconds: number): Promise<void>;
  close(): void;
}

/**
 * The real orchestrators in the real SDK, replayed by the local host's engine, with activities played by the test and
 * time that passes as fast as it can: an eight-hour run takes a moment.
 */
export function rehearse(activities: Partial<Answers>): Rehearsal {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date'],
    now: Date.parse('2026-11-21T06:00:00Z'),
  });
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  const calls: Rehearsal['calls'] = [];
  const complaints: string[] = [];
  const engine = new Engine({
    store: new Store(directory),
    log: { user: () => undefined, host: (_level, message) => complaints.push(message) },
    maxConcurrentActivities: 10,
    known: {
      activities: new Set(ACTIVITY_NAMES),
      orchestrators: new Set(Object.keys(ORCHESTRATORS)),
    },
    async invoke(_kind, name, data) {
      const orchestrator = ORCHESTRATORS[name];
      if (orchestrator) {
        const context = new DummyOrchestrationContext(name) as Parameters<
          ReturnType<typeof createOrchestrator>
        >[1];
        const state = await createOrchestrator(orchestrator)(JSON.parse(data.string ?? ''), context);
        return { returnValue: { json: JSON.stringify(state) } } as never;
      }
      const input: unknown = JSON.parse(data.string ?? 'null');
      calls.push({ name, input, at: Date.now() });
      const play = activities[name as keyof Activities] as
        | ((input: unknown, call: number) => unknown)
        | undefined;
      if (!play) throw new Error(`the test did not expect a call of ${name}`);
      const result = play(input, calls.filter((call) => call.name === name).length);
      return { returnValue: { json: JSON.stringify(result) } } as never;
    },
  });

  return {
    engine,
    calls,
    inputsOf: (name) => calls.filter((call) => call.name === name).map((call) => call.input as never),
    start(name, instanceId, input) {
      engine.start({ name, instanceId, input: JSON.stringify(input), version: '1.0' });
    },
    async pass(seconds) {
      await vi.advanceTimersByTimeAsync(seconds * 1_000);
    },
    async untilEnded(instanceId, hours = 24) {
      const deadline = Date.now() + hours * 3_600_000;
      while (Date.now() < deadline) {
        await vi.advanceTimersByTimeAsync(1_000);
        const instance = engine.get(instanceId);
        if (instance && isFinal(instance.status)) {
          if (complaints.length > 0) throw new Error(complaints.join('\n'));
          return instance;
        }
      }
      throw new Error(`${instanceId} has not ended after ${hours} virtual hours`);
    },
    close() {
      engine.stop();
      vi.useRealTimers();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const ACTIVITY_NAMES: (keyof Activities)[] = [
  'validate_environment_activity',
  'select_scenarios_activity',
  'create_service_principal_activity',
  'deploy_container_app_activity',
  'check_agent_status_activity',
  'verify_cleanup_activity',
  'force_cleanup_activity',
  'generate_report_activity',
];
