import type { ComponentChildren } from 'preact';
import { CLEANUP_SOURCES, type CleanupRound, type CleanupSource, type Evidence } from '../domain/cleanup.ts';
import type { Report } from '../domain/report.ts';
import { SOURCE_NAMES } from '../report/names.ts';
import { finalCleanPasses, inOrder } from '../report/proof.ts';
import { type ClockPrecision, count } from '../report/units.ts';
import { Badge, Section, type Tone } from './parts.tsx';
import { precisionOf, Time } from './time.tsx';

const VERDICTS: Record<CleanupRound['verdict'], { tone: Tone; text: string }> = {
  clean: { tone: 'good', text: 'clean' },
  leftovers: { tone: 'warn', text: 'found some' },
  unknown: { tone: 'bad', text: 'unknown' },
};

/**
 * Every round of verification against every source: the proof, for a reader who does not take our word. `children` stand
 * below it: the page puts there what it found when it checked the proof.
 */
export function EvidenceSection({ report, children }: { report: Report; children?: ComponentChildren }) {
  const rounds = inOrder(report.cleanup.rounds);
  if (rounds.length === 0) {
    const text =
      report.cleanup.status === 'not_needed'
        ? 'Nothing was made, so there was nothing to look for.'
        : 'No source was asked. Nothing is known about what is left.';
    return (
      <Section id="evidence" title="Evidence of cleanliness">
        <p class="empty">{text}</p>
        {children}
      </Section>
    );
  }
  const precision = precisionOf(report);
  const passes = new Set(finalCleanPasses(rounds));
  return (
    <Section id="evidence" title="Evidence of cleanliness" note={evidenceNote(rounds.length, passes.size)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="Evidence, round by round" tabIndex={0}>
        <table class="matrix">
          <caption>What each source saw in each round</caption>
          <thead>
            <tr>
              <th scope="col">Round</th>
              <th scope="col" class="num">
                Asked
              </th>
              {CLEANUP_SOURCES.map((source) => (
                <th scope="col" class="num" key={source}>
                  {SOURCE_NAMES[source]}
                </th>
              ))}
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {rounds.map((round) => (
              <RoundRow
                key={`${round.sweep} ${round.round}`}
                round={round}
                isFinalPass={passes.has(round)}
                precision={precision}
              />
            ))}
          </tbody>
        </table>
      </section>
      <ProofNote report={report} />
      {children}
    </Section>
  );
}

/** The digest and how to check it: for a reader who does not take the page's word either. */
function ProofNote({ report: { proof } }: { report: Report }) {
  if (!proof) return null;
  return (
    <p class="note proof">
      Proof: SHA-256 <code>{proof.digest}</code> over the canonical JSON (RFC 8785) of this run’s evidence in
      report.json.{' '}
      {proof.previous ? (
        <>
          It follows <code>{proof.previous.runId}</code> (<code>{proof.previous.digest}</code>).
        </>
      ) : (
        'It is the first of its chain.'
      )}{' '}
      To check it: <code>npm run verify-proof -- report.json</code>
    </p>
  );
}

function evidenceNote(rounds: number, passes: number): string {
  const asked = `${count(CLEANUP_SOURCES.length, 'source')} were asked in ${count(rounds, 'round')}; a figure is what a source still saw.`;
  return passes > 0
    ? `${asked} The last ${count(passes, 'round')}, marked, saw nothing anywhere.`
    : `${asked} The last round does not show a clean tenant.`;
}

function RoundRow({
  round,
  isFinalPass,
  precision,
}: {
  round: CleanupRound;
  isFinalPass: boolean;
  precision: ClockPrecision;
}) {
  const { tone, text } = VERDICTS[round.verdict];
  return (
    <tr class={isFinalPass ? 'pass' : undefined}>
      <th scope="row" class="num">
        {round.round}
      </th>
      <td class="num">
        <Time at={round.askedAt} precision={precision} />
      </td>
      {CLEANUP_SOURCES.map((source) => (
        <EvidenceCell key={source} source={source} evidence={round.evidence} />
      ))}
      <td>
        <Badge tone={tone}>{text}</Badge>
      </td>
    </tr>
  );
}

/** A source may have been asked in parts: what they saw is added, and one silent part makes the whole silent. */
function EvidenceCell({ source, evidence }: { source: CleanupSource; evidence: readonly Evidence[] }) {
  const parts = evidence.filter((part) => part.source === source);
  const detail = parts.flatMap((part) => part.detail ?? []).join('; ') || undefined;
  if (parts.length === 0) return <td class="num faint">not asked</td>;
  if (parts.some(({ outcome }) => outcome === 'failed'))
    return (
      <td class="num silent" title={detail}>
        no answer
      </td>
    );
  const found = parts.reduce((sum, part) => sum + part.found, 0);
  return (
    <td class={`num ${found === 0 ? 'zero' : 'some'}`} title={detail}>
      {found}
    </td>
  );
}
