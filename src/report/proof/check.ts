import type { Report } from '../../domain/report.ts';
import { cleanProof } from '../proof.ts';
import { evidenceDigest } from './evidence.ts';

export interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

/** Whether a report proves that its run left nothing. `uncheckable`: it carries no proof that this version understands. */
export interface ProofCheck {
  readonly verdict: 'holds' | 'broken' | 'uncheckable';
  readonly runId: string;
  readonly digest: string | null;
  readonly findings: readonly Finding[];
}

/**
 * Recomputes the proof of a report and reads the evidence again: is it what was written, does it show a clean tenant, and
 * (with the report before it) is the chain whole?
 */
export async function checkProof(report: Report, previous?: Report): Promise<ProofCheck> {
  const { proof, runId } = report;
  if (!proof) return uncheckable(runId, 'The report carries no proof.');
  if (proof.algorithm !== 'sha-256' || proof.canonical !== 'rfc8785/evidence-1') {
    return uncheckable(
      runId,
      `The proof is of a kind that is not known here: ${proof.algorithm}, ${proof.canonical}.`,
    );
  }
  const digest = await evidenceDigest(report, proof.previous);
  const findings = [
    digestFinding(digest, proof.digest),
    cleanFinding(report),
    await chainFinding(report, previous),
  ];
  return { verdict: findings.every(({ ok }) => ok) ? 'holds' : 'broken', runId, digest, findings };
}

function uncheckable(runId: string, text: string): ProofCheck {
  return { verdict: 'uncheckable', runId, digest: null, findings: [{ ok: false, text }] };
}

function digestFinding(digest: string, written: string): Finding {
  return digest === written
    ? { ok: true, text: `The evidence is as it was written: SHA-256 ${digest}.` }
    : {
        ok: false,
        text: `The evidence was changed after it was written: its SHA-256 is ${digest}, the proof says ${written}.`,
      };
}

/** From the rounds themselves, whatever the report calls its clean-up. */
function cleanFinding({ cleanup, resources }: Report): Finding {
  if (cleanup.status === 'not_needed') {
    return resources.created === 0
      ? { ok: true, text: 'Nothing was made, so nothing can be left.' }
      : { ok: false, text: `No clean-up is reported, but ${resources.created} resources were made.` };
  }
  const proof = cleanProof(cleanup.rounds);
  if (cleanup.status === 'verified' && proof && resources.remaining === 0) {
    const text = `Nothing is left: ${proof.sources} sources saw nothing in ${proof.passes} rounds in a row, from ${proof.firstPassAt} to ${proof.provedAt}.`;
    return { ok: true, text };
  }
  return cleanup.status === 'verified'
    ? {
        ok: false,
        text: 'The report says verified, but its rounds do not show that every source saw nothing twice.',
      }
    : {
        ok: false,
        text: `The report itself does not say that nothing is left: its clean-up is ${cleanup.status}.`,
      };
}

async function chainFinding({ proof }: Report, previous: Report | undefined): Promise<Finding> {
  const link = proof?.previous ?? null;
  if (!link) {
    return previous
      ? {
          ok: false,
          text: `This is the first of its chain: nothing is before it, also not ${previous.runId}.`,
        }
      : { ok: true, text: 'It is the first of its chain.' };
  }
  if (!previous) {
    return {
      ok: true,
      text: `It follows ${link.runId} (${link.digest}); that report was not given, so this was not checked.`,
    };
  }
  if (previous.runId !== link.runId) {
    return { ok: false, text: `It follows ${link.runId}, but the report given is of ${previous.runId}.` };
  }
  const digest = await evidenceDigest(previous, previous.proof?.previous ?? null);
  return digest === link.digest
    ? { ok: true, text: `It follows ${link.runId}, whose report is as it was.` }
    : {
        ok: false,
        text: `It follows ${link.runId}, but that report is not as it was: its SHA-256 is ${digest}, this one says ${link.digest}.`,
      };
}
