import type { Report } from '../../domain/report.ts';
import { type Html, html } from './escape.ts';
import { badge, section, table } from './parts.ts';

/** What was validated before anything was made. */
export function checksSection({ checks }: Report): Html | false {
  if (checks.length === 0) return false;
  const failed = checks.filter(({ passed }) => !passed).length;
  const note = failed === 0 ? `All ${checks.length} passed.` : `${failed} of ${checks.length} failed.`;
  const rows = checks.map(({ name, passed, detail, advice, durationMs }) => [
    name,
    badge(passed ? 'good' : 'bad', passed ? 'passed' : 'failed'),
    html`${detail}${!passed && advice && html` <span class="advice">${advice}</span>`}`,
    `${durationMs.toLocaleString('en-US', { maximumFractionDigits: 0 })} ms`,
  ]);
  const columns = [
    { title: 'Check', kind: 'main' },
    { title: 'Result' },
    { title: 'Detail' },
    { title: 'Took', kind: 'num' },
  ] as const;
  return section('checks', 'Validation', note, table('Checks before the run', columns, rows));
}
