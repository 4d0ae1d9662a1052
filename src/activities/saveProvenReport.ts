import type { Report } from '../domain/report.ts';
import type { Records } from '../records/records.ts';
import { proofOf } from '../report/proof/evidence.ts';

/** As many runs as this may end in the same moment. */
const MAX_TRIES = 20;

/**
 * Stores a report with its proof; one that proves its run clean becomes the end of the chain of proofs. Two runs that end
 * at once make one chain and no fork: the one that comes second is written again behind the first.
 */
export async function saveProvenReport(report: Report, records: Records): Promise<Report> {
  const { proofs, documents } = records;
  // The drawing's library is needed here and nowhere else: it is loaded when a run ends.
  const { renderReport } = await import('../report/html.tsx');
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const newest = await proofs.newest();
    const previous = newest ? { runId: newest.runId, digest: newest.digest } : null;
    const proof = await proofOf(report, previous);
    const proven: Report = { ...report, proof };
    await documents.saveReport(proven, renderReport(proven));
    if (report.cleanup.status !== 'verified') return proven;
    const link = { runId: report.runId, digest: proof.digest };
    if (await proofs.link(link, newest, report.completedAt)) return proven;
  }
  throw new Error(`the chain of proofs has grown ${MAX_TRIES} times while ${report.runId} tried to join it`);
}

/**
 * The report that this very call has stored and linked before it was repeated: in the chain it is final, and building it
 * anew could make another digest.
 */
export async function linkedReport(
  runId: string,
  completedAt: string,
  { documents, proofs }: Records,
): Promise<Report | undefined> {
  const stored = await documents.report(runId);
  if (!stored?.proof || stored.completedAt !== completedAt) return undefined;
  return (await proofs.isLinked({ runId, digest: stored.proof.digest })) ? stored : undefined;
}
