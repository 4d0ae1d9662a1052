import type { Report } from '../domain/report.ts';
import { Badge, Section, Table } from './parts.tsx';

/** What was validated before anything was made. */
export function Checks({ report: { checks } }: { report: Report }) {
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed).length;
  const rows = checks.map(({ name, passed, detail, advice, durationMs }) => [
    name,
    <Badge key="verdict" tone={passed ? 'good' : 'bad'}>
      {passed ? 'passed' : 'failed'}
    </Badge>,
    <>
      {detail}
      {!passed && advice && <span class="advice"> {advice}</span>}
    </>,
    `${durationMs.toLocaleString('en-US', { maximumFractionDigits: 0 })} ms`,
  ]);
  return (
    <Section
      id="checks"
      title="Validation"
      note={failed === 0 ? `All ${checks.length} passed.` : `${failed} of ${checks.length} failed.`}
    >
      <Table
        caption="Checks before the run"
        columns={[
          { title: 'Check', kind: 'main' },
          { title: 'Result' },
          { title: 'Detail' },
          { title: 'Took', kind: 'num' },
        ]}
        rows={rows}
      />
    </Section>
  );
}
