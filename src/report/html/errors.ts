import type { Report } from '../../domain/report.ts';
import { groupBy } from '../group.ts';
import { type ClockPrecision, count } from '../units.ts';
import { type Html, html } from './escape.ts';
import { precisionOf, section, time } from './parts.ts';

/** More problems than this are shown collapsed. */
const OPEN_UP_TO_ERRORS = 10;

/** What went wrong, by place, each with what to do about it. */
export function errorsSection(report: Report): Html | false {
  const { errors } = report;
  if (errors.length === 0) return false;
  const precision = precisionOf(report);
  const open = errors.length <= OPEN_UP_TO_ERRORS;
  const note = `${count(errors.length, 'problem')}, each with what to do next.`;
  const places = [...groupBy(errors, ({ where }) => where)].sort(wholeRunFirst).map(
    ([where, ofPlace]) => html`<details${open && html` open`}>
<summary><span class="id">${where}</span> <span class="sub">${count(ofPlace.length, 'problem')}</span></summary>
<ul class="errors">${ofPlace.map((error) => errorItem(error, precision))}</ul>
</details>
`,
  );
  return section('problems', 'What went wrong', note, places);
}

/** What concerns the whole run stands before what concerns one agent; otherwise the order of time stays. */
function wholeRunFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const rank = (where: string) => (where === 'clean-up' || where === 'run' ? 0 : 1);
  return rank(a) - rank(b);
}

function errorItem({ at, message, advice }: Report['errors'][number], precision: ClockPrecision): Html {
  return html`<li><span class="num faint">${time(at, precision)}</span><div><p>${message}</p><p class="advice">${advice}</p></div></li>
`;
}
