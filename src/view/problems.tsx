import type { Report } from '../domain/report.ts';
import { groupBy } from '../report/group.ts';
import { count } from '../report/units.ts';
import { Section } from './parts.tsx';
import { precisionOf, Time } from './time.tsx';

/** More problems than this are shown collapsed. */
const OPEN_UP_TO_ERRORS = 10;

/** What went wrong, by place, each with what to do about it. */
export function Problems({ report }: { report: Report }) {
  const { errors } = report;
  if (errors.length === 0) return null;
  const precision = precisionOf(report);
  const places = [...groupBy(errors, ({ where }) => where)].sort(wholeRunFirst);
  return (
    <Section
      id="problems"
      title="What went wrong"
      note={`${count(errors.length, 'problem')}, each with what to do next.`}
    >
      {places.map(([where, ofPlace]) => (
        <details key={where} open={errors.length <= OPEN_UP_TO_ERRORS}>
          <summary>
            <span class="id">{where}</span> <span class="sub">{count(ofPlace.length, 'problem')}</span>
          </summary>
          <ul class="errors">
            {ofPlace.map(({ at, message, advice }) => (
              <li key={at + message}>
                <span class="num faint">
                  <Time at={at} precision={precision} />
                </span>
                <div>
                  <p>{message}</p>
                  <p class="advice">{advice}</p>
                </div>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </Section>
  );
}

/** What concerns the whole run stands before what concerns one agent; otherwise the order of time stays. */
function wholeRunFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const rank = (where: string) => (where === 'clean-up' || where === 'run' ? 0 : 1);
  return rank(a) - rank(b);
}
