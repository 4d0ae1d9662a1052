import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../../src/domain/scenario.ts';
import type { EventStream } from '../eventStream.ts';
import { judge } from '../guard/guard.ts';
import { type Performance, reasonOf } from '../outcome.ts';
import type { Scrub } from '../scrub.ts';
import { type AgentSettings, givenVariables } from '../settings.ts';
import { type CommandResult, runCommand } from '../shell.ts';
import { type Advice, type Advisor, createAdvisor, type Question } from './advisor.ts';
import type { Budget } from './budget.ts';

/** For one agent in one run. */
export const REPAIR_LIMITS = { usd: 0.5, questions: 12 };
const TRIES_PER_STEP = 3;
const COMMAND_TIMEOUT_MS = 10 * 60_000;
const RETRY_PAUSE_MS = 5_000;
const LONGEST_ERROR = 4_000;
const LONGEST_STORY = 1_000;

export interface Failure {
  readonly scenario: Scenario;
  readonly performance: Performance;
  readonly result: CommandResult;
  /** No repair begins after this, in milliseconds since the epoch. */
  readonly until: number;
}

/** Tries to put a failure right. Returns whether the step is worth another try. */
export type Repair = (failure: Failure) => Promise<boolean>;

export interface RepairDeps {
  readonly settings: AgentSettings;
  readonly budget: Budget;
  readonly events: EventStream;
  readonly scrub: Scrub;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Repairs by asking Claude and performing what it proposes, when the guard lets it pass. Every proposal and its verdict is
 * an event. Without a key, with the budget spent, or after three tries at one step, nothing is repaired.
 */
export function createRepair(deps: RepairDeps): Repair {
  const { settings } = deps;
  if (!settings.anthropicApiKey) return async () => false;
  const repairer = new Repairer(deps, createAdvisor(settings.anthropicApiKey, settings.anthropicModel));
  return (failure) => repairer.repair(failure);
}

class Repairer {
  private readonly deps: RepairDeps;
  private readonly advisor: Advisor;
  /** What was tried for the performance that is being repaired. */
  private tries: { readonly of: Performance; readonly earlier: string[] } | undefined;

  constructor(deps: RepairDeps, advisor: Advisor) {
    this.deps = deps;
    this.advisor = advisor;
  }

  async repair(failure: Failure): Promise<boolean> {
    if (this.tries?.of !== failure.performance) this.tries = { of: failure.performance, earlier: [] };
    const { earlier } = this.tries;
    while (earlier.length < TRIES_PER_STEP && Date.now() < failure.until && !this.deps.signal.aborted) {
      const advice = await this.ask(this.questionAbout(failure, earlier));
      if (!advice || advice.action === 'give_up') return false;
      if (advice.action === 'retry') {
        earlier.push('retry: the step was simply repeated');
        await delay(RETRY_PAUSE_MS, undefined, { signal: this.deps.signal });
        return true;
      }
      const outcome = await this.perform(advice, failure);
      earlier.push(`${advice.command}: ${outcome ?? 'it succeeded, but the step failed again'}`);
      if (outcome === undefined) return true;
    }
    return false;
  }

  private async ask(question: Question): Promise<Advice | undefined> {
    const { events, signal, budget } = this.deps;
    if (!budget.affords(this.advisor.worstCostUsd(question))) return undefined;
    try {
      const { advice, costUsd } = await this.advisor.ask(question, signal);
      await budget.spend(costUsd);
      if (advice.action !== 'run_command') {
        await this.tell(
          `Repair of "${question.step}": ${advice.action === 'retry' ? 'try again' : 'nothing to be done'}. ${advice.diagnosis}`,
          {
            verdict: advice.action,
          },
        );
      }
      return advice;
    } catch (error) {
      await budget.spend(0);
      const why = error instanceof Error ? error.message : String(error);
      await events.post({
        event_type: 'error',
        severity: 'warning',
        message: `No advice on a repair: ${why}`,
      });
      return undefined;
    }
  }

  /** Judges and runs a proposal; returns why it did not help, undefined when it ran through. */
  private async perform(
    { command, diagnosis }: Advice,
    { scenario, until }: Failure,
  ): Promise<string | undefined> {
    const { settings, env, signal } = this.deps;
    const verdict = judge(command, {
      subscriptionId: settings.subscriptionId,
      resourceGroup: settings.resourceGroup,
      namePrefix: settings.namePrefix,
      privileges: scenario.requires,
      variables: givenVariables(settings),
    });
    if (!verdict.allowed) {
      await this.tell(`Repair refused, ${verdict.reason}: ${command}`, {
        verdict: 'refused',
        reason: verdict.reason,
        command,
        diagnosis,
      });
      return `refused: ${verdict.reason}`;
    }
    await this.tell(`Repair accepted: ${command}`, { verdict: 'accepted', command, diagnosis });
    const [program = 'az', ...args] = verdict.words;
    const timeoutMs = Math.max(30_000, Math.min(COMMAND_TIMEOUT_MS, until - Date.now()));
    const result = await runCommand(program, args, { env, timeoutMs, signal });
    return result.exitCode === 0 ? undefined : this.deps.scrub(reasonOf(result));
  }

  private questionAbout({ scenario, performance, result }: Failure, earlier: readonly string[]): Question {
    const { scrub } = this.deps;
    const story = scenario.body.split(/\n## /)[0] ?? '';
    return {
      scenario: scenario.title,
      story: story.slice(0, LONGEST_STORY),
      step: performance.step.title,
      script: performance.step.script,
      error: scrub(`${result.stdout}\n${result.stderr}`.trim().slice(-LONGEST_ERROR)),
      earlier: earlier.map(scrub),
    };
  }

  private async tell(message: string, details: Record<string, unknown>): Promise<void> {
    const spentUsd = Number(this.deps.budget.spending.usd.toFixed(4));
    await this.deps.events.post({
      event_type: 'error',
      severity: 'warning',
      message,
      details: { repair: { model: this.advisor.model, spentUsd, ...details } },
    });
  }
}
