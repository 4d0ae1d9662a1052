import type { Report } from '../domain/report.ts';
import { CLEANUP_NAMES, STATUS_NAMES } from '../report/names.ts';
import { costOf } from '../report/totals.ts';
import { durationWords } from '../report/units.ts';
import { headline } from '../report/words.ts';
import { Badge, Figures } from './parts.tsx';
import { precisionOf, useZone } from './time.tsx';
import { cleanupTone, statusTone } from './tones.ts';

const TRIGGERS: Record<Report['trigger'], string> = {
  timer: 'started by the timer',
  api: 'started through the API',
  manual: 'started by hand',
};

/** The outcome first, in words: verdict, summary, then the figures of the run. */
export function Verdict({ report }: { report: Report }) {
  const zone = useZone();
  const precision = precisionOf(report);
  const agentsDone = report.agents.filter(({ state }) => state === 'completed').length;
  const operations = report.agents.reduce((sum, agent) => sum + agent.operations, 0);
  const cost = costOf(report);
  return (
    <>
      <header class={`verdict ${verdictTone(report)}`}>
        <p class="eyebrow">
          HayMaker run report <span class="id">{report.runId}</span>
        </p>
        <h1>{headline(report)}</h1>
        <p class="lead">{report.summary}</p>
        <p class="badges">
          <Badge tone={statusTone(report.status)}>{STATUS_NAMES[report.status]}</Badge>{' '}
          <Badge tone={cleanupTone(report.cleanup.status)}>{CLEANUP_NAMES[report.cleanup.status]}</Badge>
        </p>
        <p class="when">
          {zone.day(report.startedAt)}, {zone.clock(report.startedAt, precision)} to{' '}
          {zone.clock(report.completedAt, precision)} {zone.name}, {TRIGGERS[report.trigger]}
        </p>
      </header>
      <Figures
        of={[
          ['Took', durationWords(report.durationSeconds)],
          [
            'Agents completed',
            report.agents.length > 0 ? (
              <>
                {agentsDone}
                <span class="of"> / {report.agents.length}</span>
              </>
            ) : (
              '–'
            ),
          ],
          ['Operations', operations.toLocaleString('en-US')],
          ['Made', report.resources.created.toLocaleString('en-US')],
          ['Removed', removedFigure(report)],
          ['Left', leftFigure(report)],
          ...(cost === undefined ? [] : [['Cost, estimated', dollars(cost)] as const]),
        ]}
      />
    </>
  );
}

/** An amount of US dollars: $0.40, $12. */
export function dollars(amount: number): string {
  const digits = amount >= 100 ? 0 : 2;
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function removedFigure({ resources, cleanup }: Report): string {
  return cleanup.status === 'unknown' ? 'not known' : resources.removed.toLocaleString('en-US');
}

/** A nought is a claim: it is made only when it is proven. */
function leftFigure({ resources, cleanup }: Report): string {
  if (cleanup.status === 'unknown')
    return resources.remaining > 0 ? `${resources.remaining} or more` : 'not known';
  return String(resources.remaining);
}

/** The tone of the whole page. */
function verdictTone(report: Report) {
  return cleanupTone(report.cleanup.status) === 'bad' ? 'bad' : statusTone(report.status);
}
