import type { ScenarioPhases, ScenarioStep } from '../src/scenarios/document.ts';
import type { AgentMessage } from './eventStream.ts';
import type { CommandResult } from './shell.ts';

/** One performance of one step. */
export interface Performance {
  readonly phase: keyof ScenarioPhases;
  readonly index: number;
  readonly step: ScenarioStep;
  /** The how many-th time, from 0. */
  readonly number: number;
}

const PHASE_NAMES: Readonly<Record<keyof ScenarioPhases, string>> = {
  deploy: 'deploy',
  operate: 'operate',
  cleanUp: 'clean up',
};
const KEPT_OUTPUT = 600;

/** How a performance went, as an event. Said twice, after a restart, it is the same event. */
export function outcomeMessage(performance: Performance, result: CommandResult): AgentMessage {
  const { phase, index, step, number } = performance;
  const details = {
    phase: PHASE_NAMES[phase],
    step: step.title,
    ...(step.everySeconds === undefined ? {} : { number: number + 1 }),
    durationMs: result.durationMs,
    exitCode: result.exitCode,
  };
  if (result.exitCode === 0) {
    return {
      event_type: 'operation',
      message: `${step.title}.`,
      details: { ...details, output: ending(result.stdout) },
      identity: ['operation', phase, index, number].join('/'),
    };
  }
  return {
    event_type: 'error',
    severity: 'error',
    message: `${step.title}: ${reasonOf(result)}`,
    details: { ...details, output: ending(result.stderr) },
  };
}

/** Why a command failed, in one line. */
export function reasonOf({ exitCode, stderr, durationMs, ended }: CommandResult): string {
  const seconds = Math.round(durationMs / 1_000);
  if (ended === 'timeout') return `ended after ${seconds} s without an end in sight.`;
  if (ended === 'aborted') return 'ended because the agent has to stop.';
  const line = stderr
    .split('\n')
    .map((each) => each.trim())
    .findLast((each) => each !== '');
  return `exit code ${exitCode}${line ? `: ${line.slice(0, 400)}` : '.'}`;
}

function ending(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > KEPT_OUTPUT ? `…${trimmed.slice(-KEPT_OUTPUT)}` : trimmed;
}
