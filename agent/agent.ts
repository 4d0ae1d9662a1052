import { setTimeout as delay } from 'node:timers/promises';
import { type Checkpoint, decodeCheckpoint, fingerprintOf, freshCheckpoint } from './checkpoint.ts';
import type { EventStream } from './eventStream.ts';
import { type Group, openGroup } from './group.ts';
import { performScenario } from './perform.ts';
import type { Budget } from './repair/budget.ts';
import type { Repair } from './repair/repair.ts';
import { type ResourceManager, ResourceManagerError } from './resourceManager.ts';
import type { LoadedScenario } from './scenario.ts';
import type { AgentSettings } from './settings.ts';
import { signIn } from './signIn.ts';

/** Between SIGTERM and SIGKILL Container Apps leaves 30 s (microsoft/azure-container-apps #1669). */
const LAST_SECONDS_MS = 25_000;
/** A role that was just assigned has an effect only after a while. */
const ACCESS_MS = 10 * 60_000;
const ACCESS_RETRY_MS = 3_000;

const DONE = 0;
const NOT_WELL = 1;
const TERMINATED = 143;

export interface AgentDeps {
  readonly settings: AgentSettings;
  readonly loaded: LoadedScenario;
  readonly events: EventStream;
  readonly resourceManager: ResourceManager;
  readonly repair: Repair;
  readonly budget: Budget;
  readonly env: Readonly<Record<string, string>>;
  readonly stop: AbortSignal;
}

/** The whole life of an agent, from its first word to its last. Returns the exit code; says why when something is wrong. */
export async function performAgent(deps: AgentDeps): Promise<number> {
  const { settings, loaded, events, resourceManager, env, stop } = deps;
  const fingerprint = fingerprintOf(loaded.phases);
  let group = openGroup(resourceManager, events, env, 0);
  const heart = beat(settings.heartbeatMs, events);
  try {
    const stored = await withAccess(() => resourceManager.readCheckpoint(), stop);
    const found = decodeCheckpoint(stored, fingerprint);
    const checkpoint = found ?? freshCheckpoint(fingerprint);
    deps.budget.resume(checkpoint.spent);
    group = openGroup(resourceManager, events, env, checkpoint.announcedUntil);
    await events.post(greeting(settings, loaded, found));
    await signIn({ ...settings, env, signal: stop });
    const { operations, failures, left } = await performScenario({ ...deps, group }, checkpoint);
    await sayFarewell(events, settings, { operations, failures, left });
    return left.length === 0 && (operations > 0 || found !== undefined) ? DONE : NOT_WELL;
  } catch (error) {
    if (stop.aborted) return await leaveInHaste(deps, group);
    await events.post({
      event_type: 'error',
      severity: 'error',
      message: `The agent gives up: ${error instanceof Error ? error.message : String(error)}`,
    });
    return NOT_WELL;
  } finally {
    clearInterval(heart);
    await events.close();
  }
}

function greeting(
  settings: AgentSettings,
  { scenario }: LoadedScenario,
  found: Checkpoint | undefined,
): Parameters<EventStream['post']>[0] {
  const message = found
    ? `Goes on with "${scenario.title}" after a restart: ${progressOf(found)}.`
    : `Begins "${scenario.title}", until ${new Date(settings.endsAt).toISOString()}.`;
  return {
    event_type: 'agent_started',
    message,
    details: { title: scenario.title, resumed: found !== undefined },
  };
}

function progressOf({ deployed, operatingSince, consumed, cleaned }: Checkpoint): string {
  if (cleaned !== undefined) return `${cleaned} steps of the clean-up are done`;
  if (operatingSince === undefined) return `${deployed} steps of the deployment are done`;
  return `${consumed.reduce((total, one) => total + one, 0)} operations are done`;
}

async function sayFarewell(
  events: EventStream,
  settings: AgentSettings,
  { operations, failures, left }: { operations: number; failures: number; left: readonly string[] },
): Promise<void> {
  if (left.length === 0) {
    await events.post({ event_type: 'cleanup_complete', message: 'The resource group is empty.' });
  } else {
    await events.post({
      event_type: 'error',
      severity: 'error',
      message: `${left.length} resources could not be deleted; they are left to the clean-up of the run.`,
      details: { left },
    });
  }
  await events.post({
    event_type: 'agent_completed',
    severity: failures > 0 || left.length > 0 ? 'warning' : 'info',
    message: `Scenario ${settings.scenarioId} is done after ${operations} operations${failures > 0 ? `; ${failures} steps failed` : ''}.`,
    details: { operations, failures, left: left.length },
  });
}

/** What SIGTERM leaves time for: no script any more, only the deletion of whatever is in the group. */
async function leaveInHaste({ events, settings, stop }: AgentDeps, group: Group): Promise<number> {
  const until = Date.now() + LAST_SECONDS_MS;
  const reason = stop.reason instanceof Error ? stop.reason.message : 'The agent was told to stop.';
  await events.post({
    event_type: 'error',
    severity: 'warning',
    message: `${reason} It deletes what it can.`,
  });
  const hard = AbortSignal.timeout(LAST_SECONDS_MS);
  const left = await group.clear(until, hard).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return why;
  });
  const isEmpty = typeof left !== 'string' && left.length === 0;
  const words =
    typeof left === 'string'
      ? `What is left is not known: ${left}`
      : `${left.length} resources are left to the clean-up of the run.`;
  await events.post(
    isEmpty
      ? { event_type: 'cleanup_complete', message: 'Stopped early; the resource group is empty.' }
      : {
          event_type: 'error',
          severity: 'warning',
          message: `Stopped early. ${words}`,
          details: {
            scenario: settings.scenarioId,
            left: typeof left === 'string' ? [] : left.map(({ id }) => id),
          },
        },
  );
  return TERMINATED;
}

/** Repeats what Azure refuses because the agent's role has not arrived everywhere yet. */
async function withAccess<T>(attempt: () => Promise<T>, stop: AbortSignal): Promise<T> {
  const until = Date.now() + ACCESS_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      stop.throwIfAborted();
      const isRefusal = error instanceof ResourceManagerError && ![401, 403].includes(error.status);
      if (isRefusal || Date.now() > until) throw error;
    }
    await delay(ACCESS_RETRY_MS, undefined, { signal: stop });
  }
}

function beat(intervalMs: number, events: EventStream): NodeJS.Timeout {
  const say = () => void events.post({ event_type: 'heartbeat', message: 'Alive.' });
  return setInterval(say, intervalMs);
}
