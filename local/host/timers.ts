import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegisteredFunction } from './core-api.ts';
import { member, reasonOf } from './host-error.ts';
import type { Invoke } from './invoke.ts';
import type { Log } from './log.ts';
import type { Schedule } from './ncrontab.ts';
import { parseSchedule } from './ncrontab.ts';
import { type Environment, readJson, resolveSetting } from './settings.ts';

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export interface TimerFunction {
  readonly fn: RegisteredFunction;
  /** The schedule's text with settings resolved. */
  readonly text: string;
  readonly schedule: Schedule;
}

/** What is remembered of a timer between starts; ISO 8601. */
interface Monitor {
  readonly last: string;
  readonly next: string;
}

/** The timer functions. Throws a HostError for a missing setting or a wrong schedule. */
export function timerFunctions(
  functions: Iterable<RegisteredFunction>,
  environment: Environment,
): TimerFunction[] {
  return [...functions]
    .filter((fn) => fn.trigger.type.toLowerCase() === 'timertrigger')
    .map((fn) => {
      const text = resolveSetting(String(fn.trigger.schedule ?? ''), environment, `${fn.name}, schedule`);
      return { fn, text, schedule: parseSchedule(text, fn.name) };
    });
}

/** Fires timers. Each is a singleton: the next occurrence is planned when the handler has ended. */
export class Timers {
  readonly #file: string;
  readonly #invoke: Invoke;
  readonly #log: Log;
  readonly #monitors: Record<string, Monitor>;
  readonly #armed = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(stateDir: string, invoke: Invoke, log: Log) {
    mkdirSync(stateDir, { recursive: true });
    this.#file = join(stateDir, 'timers.json');
    this.#invoke = invoke;
    this.#log = log;
    const saved = readJson(this.#file);
    this.#monitors = typeof saved === 'object' && saved !== null ? { ...saved } : {};
  }

  /** Arms a timer; fires at once when an occurrence was missed while the host was down, or for runOnStartup. */
  start(timer: TimerFunction): void {
    const now = Date.now();
    const planned = Date.parse(this.#monitors[timer.fn.name]?.next ?? '');
    if (timer.fn.trigger.useMonitor !== false && planned < now) {
      void this.#fireAndPlan(timer, true);
    } else if (timer.fn.trigger.runOnStartup === true) {
      void this.#fireAndPlan(timer, false);
    } else {
      this.#plan(timer, timer.schedule(now));
    }
  }

  /** Runs a timer's function now, out of its schedule. Rejects with what the function threw. */
  async fire(timer: TimerFunction, isPastDue: boolean): Promise<void> {
    const now = Date.now();
    const monitor = this.#monitors[timer.fn.name];
    const next = new Date(timer.schedule(now)).toISOString();
    const data = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: {
        Last: monitor?.last ?? '0001-01-01T00:00:00',
        Next: next,
        LastUpdated: monitor?.last ?? next,
      },
      IsPastDue: isPastDue,
    };
    await this.#invoke(timer.fn, { data: { json: JSON.stringify(data) } });
  }

  stop(): void {
    this.#stopped = true;
    for (const armed of this.#armed.values()) clearTimeout(armed);
  }

  async #fireAndPlan(timer: TimerFunction, isPastDue: boolean): Promise<void> {
    const at = Date.now();
    try {
      await this.fire(timer, isPastDue);
    } catch (error) {
      this.#log.host('error', `${timer.fn.name}: ${String(member(error, 'stack') ?? reasonOf(error))}`);
    }
    this.#remember(timer, new Date(at).toISOString());
    this.#plan(timer, timer.schedule(Math.max(Date.now(), at)));
  }

  #plan(timer: TimerFunction, at: number): void {
    if (this.#stopped) return;
    this.#remember(timer, this.#monitors[timer.fn.name]?.last ?? new Date().toISOString(), at);
    const ring = (): void => {
      // setTimeout may be a millisecond early, and long waits come in pieces.
      if (Date.now() < at) this.#arm(timer, at, ring);
      else void this.#fireAndPlan(timer, false);
    };
    this.#arm(timer, at, ring);
  }

  #arm(timer: TimerFunction, at: number, ring: () => void): void {
    const wait = Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMEOUT_MS);
    this.#armed.set(timer.fn.name, setTimeout(ring, wait));
  }

  #remember(timer: TimerFunction, last: string, next = timer.schedule(Date.now())): void {
    this.#monitors[timer.fn.name] = { last, next: new Date(next).toISOString() };
    writeFileSync(`${this.#file}.tmp`, JSON.stringify(this.#monitors));
    renameSync(`${this.#file}.tmp`, this.#file);
  }
}
