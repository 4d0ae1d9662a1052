import type { Phase } from '../src/domain/run.ts';
import { clip, clock } from './text.ts';
import { type Colours, spinnerAt } from './theme.ts';
import { type RunView, STEPS, stepMs, stepState } from './view.ts';

const MARK_WIDTH = 2;
const NAMES_WIDTH = STEPS.reduce((sum, step) => sum + step.length + MARK_WIDTH, 0);

/** The phases side by side with the time that each took; where that is too wide, marks and the phase that it is in. Pure. */
export function stepper(view: RunView, width: number, colours: Colours, now: number): string[] {
  const gap = Math.floor((width - NAMES_WIDTH) / (STEPS.length - 1));
  return gap < 1 ? [narrow(view, width, colours, now)] : wide(view, Math.min(gap, 4), colours, now);
}

function wide(view: RunView, gap: number, colours: Colours, now: number): string[] {
  const rule = colours.dim(gap < 3 ? ' '.repeat(gap) : ` ${'─'.repeat(gap - 2)} `);
  const names = STEPS.map((step) => {
    const state = stepState(view, step);
    const text = `${mark(view, step, now)} ${step}`;
    if (state === 'waiting') return colours.dim(text);
    return state === 'done' ? `${colours.green(text.slice(0, 1))}${text.slice(1)}` : colours.bold(text);
  });
  const times = STEPS.map((step) => {
    const ms = stepMs(view, step, now);
    const text = stepState(view, step) === 'waiting' || ms === undefined ? '' : clock(ms);
    return `  ${text}`.padEnd(step.length + MARK_WIDTH + gap);
  });
  return [names.join(rule), colours.dim(times.join('').trimEnd())];
}

function narrow(view: RunView, width: number, colours: Colours, now: number): string {
  const marks = STEPS.map((step) => mark(view, step, now)).join('');
  const active = STEPS.find((step) => stepState(view, step) === 'active');
  const words = active ? `${active}  ${clock(stepMs(view, active, now) ?? 0)}` : (view.phase ?? '');
  return colours.bold(clip(`${marks} ${words}`, width));
}

function mark(view: RunView, step: Phase, now: number): string {
  switch (stepState(view, step)) {
    case 'done':
      return '✓';
    case 'active':
      return view.away || view.isDead ? '?' : spinnerAt(now);
    case 'waiting':
      return '·';
  }
}
