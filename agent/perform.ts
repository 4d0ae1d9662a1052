import { setTimeout as delay } from 'node:timers/promises';
import type { ScenarioStep } from '../src/scenarios/document.ts';
import { type Checkpoint, encodeCheckpoint } from './checkpoint.ts';
import type { EventStream } from './eventStream.ts';
import type { Group } from './group.ts';
import { outcomeMessage, type Performance } from './outcome.ts';
import { nextMove, planOperations } from './plan.ts';
import type { Budget } from './repair/budget.ts';
import type { Repair } from './repair/repair.ts';
import type { ResourceManager } from './resourceManager.ts';
import type { LoadedScenario } from './scenario.ts';
import type { AgentSettings } from './settings.ts';
import { type CommandResult, runScript } from './shell.ts';

/** The clean-up gets this share of the window of operations, and no more than half an hour. */
const CLEAN_UP_SHARE = 0.25;
const CLEAN_UP_MAX_MS = 30 * 60_000;
const DEPLOY_STEP_SHARE = 0.3;
const STEP_TIMEOUT_MS = 20 * 60_000;
/** A step that begins late gets at least so long. */
const STEP_MIN_MS = 20_000;
/** For what the scenario's own clean-up has left. */
const CLEAR_MS = 5 * 60_000;

export interface PerformDeps {
  readonly settings: AgentSettings;
  readonly loaded: LoadedScenario;
  readonly events: EventStream;
  readonly group: Group;
  readonly resourceManager: Pick<ResourceManager, 'writeCheckpoint'>;
  readonly repair: Repair;
  /** What repairs have cost; kept in the checkpoint. */
  readonly budget: Budget;
  /** The environment of every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborts when the agent must stop. */
  readonly stop: AbortSignal;
}

export interface PerformanceSummary {
  readonly operations: number;
  readonly failures: number;
  /** Ids of what is still in the group. */
  readonly left: readonly string[];
}

/**
 * Performs a scenario from `checkpoint` on: phase 1, phase 2 until the window ends less the time that the clean-up needs,
 * phase 3, and then deletes what the scenario forgot. A step that fails, and cannot be put right, is reported and the next
 * one follows. Rejects with the reason of `stop` when that aborts.
 */
export async function performScenario(
  deps: PerformDeps,
  checkpoint: Checkpoint,
): Promise<PerformanceSummary> {
  return new Performer(deps, checkpoint).run();
}

class Performer {
  private readonly deps: PerformDeps;
  private checkpoint: Checkpoint;
  private operations = 0;
  private failures = 0;
  /** Steps whose repair was given up: when they come round again, nobody is asked again. */
  private readonly hopeless = new Set<string>();

  constructor(deps: PerformDeps, checkpoint: Checkpoint) {
    this.deps = deps;
    this.checkpoint = checkpoint;
    deps.budget.onSpent = () => this.save({});
  }

  async run(): Promise<PerformanceSummary> {
    if (this.checkpoint.cleaned === undefined) {
      await this.deploy();
      await this.operate();
    }
    await this.cleanUp();
    const left = await this.deps.group.clear(Date.now() + CLEAR_MS, this.deps.stop);
    return { operations: this.operations, failures: this.failures, left: left.map(({ id }) => id) };
  }

  private async deploy(): Promise<void> {
    const { loaded, settings } = this.deps;
    const { phases } = loaded;
    const until = operatingUntil(Date.now(), settings.endsAt);
    for (const [index, step] of phases.deploy.entries()) {
      if (index < this.checkpoint.deployed) continue;
      if (Date.now() >= until) return this.noTimeFor(phases.deploy.slice(index));
      // One step that hangs must not cost the whole window, which may be short.
      const stepUntil = Date.now() + (settings.endsAt - Date.now()) * DEPLOY_STEP_SHARE;
      await this.step({ phase: 'deploy', index, step, number: 0 }, stepUntil);
      await this.save({ deployed: index + 1 });
    }
  }

  private async operate(): Promise<void> {
    const { settings, loaded, stop } = this.deps;
    const since = this.checkpoint.operatingSince ?? Date.now();
    if (this.checkpoint.operatingSince === undefined) await this.save({ operatingSince: since });
    const until = operatingUntil(since, settings.endsAt);
    const plan = planOperations(loaded.phases.operate, Math.max(0, until - since), settings.agentId);
    for (;;) {
      stop.throwIfAborted();
      const now = Date.now();
      const move = nextMove(plan, this.checkpoint.consumed, now - since);
      if (move.kind === 'done' || now >= until) break;
      if (move.kind === 'wait') {
        await delay(Math.min(move.untilMs + since, until) - now, undefined, { signal: stop });
        continue;
      }
      const { step: index, number } = move.occurrence;
      const step = loaded.phases.operate[index];
      if (step) await this.step({ phase: 'operate', index, step, number }, until);
      const consumed = loaded.phases.operate.map((_, at) =>
        at === index ? number + 1 : (this.checkpoint.consumed[at] ?? 0),
      );
      await this.save({ consumed });
    }
    const untried = loaded.phases.operate.filter((_, at) => (this.checkpoint.consumed[at] ?? 0) === 0);
    await this.noTimeFor(untried);
  }

  private async noTimeFor(steps: readonly ScenarioStep[]): Promise<void> {
    if (steps.length === 0) return;
    await this.deps.events.post({
      event_type: 'error',
      severity: 'warning',
      message: `There was no time for ${steps.map(({ title }) => `"${title}"`).join(', ')}.`,
    });
  }

  private async cleanUp(): Promise<void> {
    if (this.checkpoint.cleaned === undefined) await this.save({ cleaned: 0 });
    for (const [index, step] of this.deps.loaded.phases.cleanUp.entries()) {
      if (index < (this.checkpoint.cleaned ?? 0)) continue;
      await this.step({ phase: 'cleanUp', index, step, number: 0 }, Date.now() + STEP_TIMEOUT_MS);
      await this.save({ cleaned: index + 1 });
    }
  }

  /** Performs a step, asks for a repair when it fails, and tells how it went. */
  private async step(performance: Performance, until: number): Promise<void> {
    const { events, repair, loaded, group } = this.deps;
    let result = await this.attempt(performance, until);
    await this.observe(group);
    const key = `${performance.phase}/${performance.index}`;
    while (result.exitCode !== 0 && !this.deps.stop.aborted) {
      await events.post(outcomeMessage(performance, result));
      if (this.hopeless.has(key)) break;
      const repaired = await repair({ scenario: loaded.scenario, performance, result, until });
      await this.observe(group);
      if (!repaired) {
        this.hopeless.add(key);
        break;
      }
      result = await this.attempt(performance, until);
      await this.observe(group);
    }
    this.deps.stop.throwIfAborted();
    if (result.exitCode !== 0) {
      this.failures += 1;
      return;
    }
    if (performance.phase === 'operate') this.operations += 1;
    await events.post(outcomeMessage(performance, result));
  }

  private attempt({ step }: Performance, until: number): Promise<CommandResult> {
    const { env, stop } = this.deps;
    const timeoutMs = Math.max(STEP_MIN_MS, Math.min(STEP_TIMEOUT_MS, until - Date.now()));
    return runScript(step.script, { env, timeoutMs, signal: stop });
  }

  /** Announcements are for the ledger; that one look fails is no reason to stop working, for the next sees the same. */
  private async observe(group: Group): Promise<void> {
    try {
      await group.look();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.deps.events.post({
        event_type: 'error',
        severity: 'warning',
        message: `The group could not be listed: ${why}`,
      });
    }
  }

  private async save(progress: Partial<Checkpoint>): Promise<void> {
    this.checkpoint = {
      ...this.checkpoint,
      ...progress,
      announcedUntil: this.deps.group.announcedUntil,
      spent: this.deps.budget.spending,
    };
    try {
      await this.deps.resourceManager.writeCheckpoint(encodeCheckpoint(this.checkpoint));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await this.deps.events.post({
        event_type: 'error',
        severity: 'warning',
        message: `The checkpoint could not be kept; after a restart, steps would be repeated: ${why}`,
      });
    }
  }
}

/** When operations end, so that the clean-up is done by `endsAt`. Milliseconds since the epoch. */
export function operatingUntil(since: number, endsAt: number): number {
  return endsAt - Math.min(CLEAN_UP_MAX_MS, Math.max(0, endsAt - since) * CLEAN_UP_SHARE);
}
