import {
  CLEANUP_SOURCES,
  type CleanupRound,
  type CleanupSource,
  type Evidence,
} from '../../domain/cleanup.ts';
import type { Report } from '../../domain/report.ts';
import { SOURCE_NAMES } from '../names.ts';
import { finalCleanPasses, inOrder } from '../proof.ts';
import { type ClockPrecision, count } from '../units.ts';
import { type Html, html } from './escape.ts';
import { badge, precisionOf, section, type Tone, time } from './parts.ts';

const VERDICTS: Record<CleanupRound['verdict'], { tone: Tone; text: string }> = {
  clean: { tone: 'good', text: 'clean' },
  leftovers: { tone: 'warn', text: 'found some' },
  unknown: { tone: 'bad', text: 'unknown' },
};

/** Every round of verification against every source: the proof, for a reader who does not take our word. */
export function evidenceSection(report: Report): Html {
  const rounds = inOrder(report.cleanup.rounds);
  if (rounds.length === 0) {
    const text =
      report.cleanup.status === 'not_needed'
        ? 'Nothing was made, so there was nothing to look for.'
        : 'No source was asked. Nothing is known about what is left.';
    return section('evidence', 'Evidence of cleanliness', null, html`<p class="empty">${text}</p>`);
  }
  const precision = precisionOf(report);
  const passes = new Set(finalCleanPasses(rounds));
  return section(
    'evidence',
    'Evidence of cleanliness',
    evidenceNote(rounds.length, passes.size),
    html`<div class="scroll" role="region" aria-label="Evidence, round by round" tabindex="0"><table class="matrix">
<caption>What each source saw in each round</caption>
<thead><tr><th scope="col">Round</th><th scope="col" class="num">Asked</th>${CLEANUP_SOURCES.map(
      (source) => html`<th scope="col" class="num">${SOURCE_NAMES[source]}</th>`,
    )}<th scope="col">Verdict</th></tr></thead>
<tbody>${rounds.map((round) => roundRow(round, passes.has(round), precision))}</tbody></table></div>${proofNote(report)}`,
  );
}

/** The digest and how to check it: for a reader who does not take the page's word either. */
function proofNote({ proof }: Report): Html | false {
  if (!proof) return false;
  const before = proof.previous
    ? html`It follows <code>${proof.previous.runId}</code> (<code>${proof.previous.digest}</code>).`
    : 'It is the first of its chain.';
  return html`<p class="note proof">Proof: SHA-256 <code>${proof.digest}</code> over the canonical JSON (RFC 8785) of this run’s evidence in report.json. ${before} To check it: <code>npm run verify-proof -- report.json</code></p>`;
}

function evidenceNote(rounds: number, passes: number): string {
  const asked = `${count(CLEANUP_SOURCES.length, 'source')} were asked in ${count(rounds, 'round')}; a figure is what a source still saw.`;
  return passes > 0
    ? `${asked} The last ${count(passes, 'round')}, marked, saw nothing anywhere.`
    : `${asked} The last round does not show a clean tenant.`;
}

function roundRow(round: CleanupRound, isFinalPass: boolean, precision: ClockPrecision): Html {
  const { tone, text } = VERDICTS[round.verdict];
  return html`<tr${isFinalPass && html` class="pass"`}><th scope="row" class="num">${round.round}</th><td class="num">${time(round.askedAt, precision)}</td>${CLEANUP_SOURCES.map(
    (source) => evidenceCell(source, round.evidence),
  )}<td>${badge(tone, text)}</td></tr>
`;
}

/** A source may have been asked in parts: what they saw is added, and one silent part makes the whole silent. */
function evidenceCell(source: CleanupSource, evidence: readonly Evidence[]): Html {
  const parts = evidence.filter((part) => part.source === source);
  const detail = parts.flatMap((part) => part.detail ?? []).join('; ');
  const title = detail !== '' && html` title="${detail}"`;
  if (parts.length === 0) return html`<td class="num faint">not asked</td>`;
  if (parts.some(({ outcome }) => outcome === 'failed'))
    return html`<td class="num silent"${title}>no answer</td>`;
  const found = parts.reduce((sum, part) => sum + part.found, 0);
  return html`<td class="num ${found === 0 ? 'zero' : 'some'}"${title}>${found}</td>`;
}
