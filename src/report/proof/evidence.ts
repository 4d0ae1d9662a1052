import type { ChainLink, Report, ReportProof } from '../../domain/report.ts';
import { canonicalJson } from './canonical.ts';

/** What of a report is proven: who, when, how it ended, what was made, and every answer of every source. */
type Evidence = Pick<
  Report,
  'schemaVersion' | 'runId' | 'status' | 'startedAt' | 'completedAt' | 'phases' | 'resources' | 'cleanup'
> & { readonly previous: ChainLink | null };

/** The proof of a report that joins the chain behind `previous`. */
export async function proofOf(report: Report, previous: ChainLink | null): Promise<ReportProof> {
  return {
    algorithm: 'sha-256',
    canonical: 'rfc8785/evidence-1',
    digest: await evidenceDigest(report, previous),
    previous,
  };
}

/**
 * SHA-256 (lower-case hex) over the canonical JSON of the evidence, UTF-8. The link to the previous run is part of it:
 * changing an old report breaks every later one. WebCrypto, so that a page can check it, too.
 */
export async function evidenceDigest(report: Report, previous: ChainLink | null): Promise<string> {
  const { schemaVersion, runId, status, startedAt, completedAt, phases, resources, cleanup } = report;
  const evidence: Evidence = {
    schemaVersion,
    runId,
    status,
    startedAt,
    completedAt,
    phases,
    resources,
    cleanup,
    previous,
  };
  const bytes = new TextEncoder().encode(canonicalJson(evidence));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
