import { useState } from 'preact/hooks';
import type { ExecuteAnswer } from '../../src/api/schemas/executions.ts';
import type { ScenarioInfo } from '../../src/api/schemas/scenarios.ts';
import { count } from '../../src/report/units.ts';
import { dollars } from '../../src/view/verdict.tsx';
import { ApiFailure, post } from '../data/api.ts';
import { hrefs } from '../route.ts';

const HOURS = [1, 2, 4, 8, 12, 24];

/** What has been chosen, what it costs, and the button that starts it. */
export function StartBar({
  scenarios,
  onClear,
}: {
  scenarios: readonly ScenarioInfo[];
  onClear?: () => void;
}) {
  const [hours, setHours] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const cost = scenarios.reduce((sum, { estimated_cost_usd }) => sum + estimated_cost_usd, 0);
  const start = async () => {
    setBusy(true);
    setProblem('');
    try {
      const duration = hours ? { duration_hours: Number(hours) } : {};
      const body = { scenarios: scenarios.map(({ id }) => id), ...duration };
      const { execution_id } = await post<ExecuteAnswer>('/api/v1/execute', body);
      location.hash = hrefs.run(execution_id);
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof ApiFailure ? error.message : String(error));
    }
  };
  return (
    <section class="start-bar" aria-label="Start a run" data-testid="start-bar">
      <p>
        <strong>{count(scenarios.length, 'scenario')}</strong>{' '}
        <span class="sub num">about {dollars(cost)}</span>{' '}
        {onClear && (
          <button type="button" class="quiet" onClick={onClear}>
            Choose none
          </button>
        )}
      </p>
      <label>
        For{' '}
        <select value={hours} onChange={(event) => setHours(event.currentTarget.value)}>
          <option value="">as long as set</option>
          {HOURS.map((one) => (
            <option key={one} value={String(one)}>
              {count(one, 'hour')}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="primary" disabled={busy} onClick={start} data-testid="start-run">
        {busy ? 'Starting…' : 'Start the run'}
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
