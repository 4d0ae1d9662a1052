import { useEffect, useState } from 'preact/hooks';
import type { Report } from '../../src/domain/report.ts';
import { checkProof, type ProofCheck } from '../../src/report/proof/check.ts';
import { cleaned } from '../../src/view/clean.ts';
import { Badge } from '../../src/view/parts.tsx';
import { getExact } from '../data/api.ts';

const VERDICTS = {
  holds: { tone: 'good', text: 'The proof holds' },
  broken: { tone: 'bad', text: 'The proof does not hold' },
  uncheckable: { tone: 'warn', text: 'The proof cannot be checked' },
} as const;

/** The proof of a report, recomputed here with WebCrypto from the report as it was written, and its link to the one before. */
export function ProofVerdict({ report }: { report: Report }) {
  const [check, setCheck] = useState<ProofCheck | undefined>();
  useEffect(() => {
    const stop = new AbortController();
    verify(report, stop.signal).then(
      (done) => !stop.signal.aborted && setCheck(cleaned(done)),
      (error: unknown) =>
        !stop.signal.aborted &&
        setCheck({
          verdict: 'uncheckable',
          runId: report.runId,
          digest: null,
          findings: [{ ok: false, text: String(error) }],
        }),
    );
    return () => stop.abort();
  }, [report]);
  if (!check) return <p class="waiting">Checking the proof…</p>;
  const { tone, text } = VERDICTS[check.verdict];
  return (
    <div class="checked" data-testid="proof" data-verdict={check.verdict}>
      <h3>
        <Badge tone={tone}>{text}</Badge> <span class="sub">recomputed by your browser</span>
      </h3>
      <ul class="plain">
        {check.findings.map((finding) => (
          <li key={finding.text} class={finding.ok ? 'ok' : 'no'}>
            {finding.text}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Browsers offer WebCrypto to pages that came by https, or from this machine. */
async function verify(report: Report, signal: AbortSignal): Promise<ProofCheck> {
  if (!globalThis.crypto?.subtle) {
    const text = 'This browser checks digests only on a page that came by https. Use npm run verify-proof.';
    return { verdict: 'uncheckable', runId: report.runId, digest: null, findings: [{ ok: false, text }] };
  }
  const before = report.proof?.previous?.runId;
  return checkProof(report, before === undefined ? undefined : await reportOf(before, signal));
}

/** The report before it in the chain; undefined when it is not there any more. */
async function reportOf(runId: string, signal: AbortSignal): Promise<Report | undefined> {
  try {
    return (await getExact(`/api/v1/runs/${encodeURIComponent(runId)}/report`, signal)) as Report;
  } catch {
    return undefined;
  }
}
