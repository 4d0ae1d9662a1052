import type { RunDetail } from '../../src/api/schemas/runs.ts';
import type { Phase } from '../../src/domain/run.ts';
import { PHASE_NAMES } from '../../src/report/names.ts';
import { durationWords, secondsBetween } from '../../src/report/units.ts';

const STEPS: readonly Phase[] = [
  'validating',
  'selecting',
  'provisioning',
  'monitoring',
  'cleaning',
  'reporting',
];

/** Where a run is: what is behind it, what it does, what is to come. */
export function Stepper({ run, now }: { run: RunDetail; now: string }) {
  return (
    <ol class="stepper" aria-label="Phases" data-testid="stepper">
      {STEPS.map((phase) => {
        const at = run.phases.find((one) => one.phase === phase);
        const state = !at ? 'ahead' : at.ended_at ? 'done' : run.live ? 'current' : 'done';
        return (
          <li key={phase} class={state} aria-current={state === 'current' ? 'step' : undefined}>
            <span class="name">{PHASE_NAMES[phase]}</span>
            <span class="num">
              {at ? (
                durationWords(secondsBetween(at.started_at, at.ended_at ?? now))
              ) : (
                <span aria-hidden="true">–</span>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
