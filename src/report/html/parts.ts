import type { Report } from '../../domain/report.ts';
import { type ClockPrecision, clock, day } from '../units.ts';
import { type Content, type Html, html } from './escape.ts';

/** Runs of less than this are told to the second. */
const SHORT_RUN_SECONDS = 2 * 3_600;

/** How exactly the times of a run are shown. */
export function precisionOf(report: Pick<Report, 'durationSeconds'>): ClockPrecision {
  return report.durationSeconds < SHORT_RUN_SECONDS ? 'second' : 'minute';
}

/** An instant as a UTC time of day; the whole instant for machines and on hover. A dash when there is none. */
export function time(instant: string | null | undefined, precision: ClockPrecision): Html {
  if (!instant) return html`<span class="faint">–</span>`;
  return html`<time datetime="${instant}" title="${day(instant)} ${clock(instant, 'second')} UTC">${clock(instant, precision)}</time>`;
}

/** A titled part of the page; `note` stands below the title, in one sentence. */
export function section(id: string, title: string, note: Content, body: Content): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${note && html`<p class="note">${note}</p>`}
${body}
</section>`;
}

export interface Column {
  readonly title: string;
  /** `num`: aligned figures. `main`: what the row is about, the heading of its card on a phone. */
  readonly kind?: 'num' | 'main';
}

/** A table that becomes a list of cards on a phone. The caption is for those who cannot see the page. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Html {
  return html`<table class="cards"><caption>${caption}</caption>
<thead><tr>${columns.map(({ title, kind }) => html`<th scope="col"${kind && html` class="${kind}"`}>${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${columns.map(({ title, kind }, index) =>
      kind === 'main'
        ? html`<th scope="row" class="main">${cells[index]}</th>`
        : html`<td data-label="${title}"${kind && html` class="${kind}"`}>${cells[index]}</td>`,
    )}</tr>
`,
  )}</tbody></table>`;
}

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** A word with a mark before it; the mark's shape says the same as its colour. */
export function badge(tone: Tone, text: string): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}
