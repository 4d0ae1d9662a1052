import type { RunRecord } from '../domain/run.ts';
import type { FoundRun } from './finds.ts';
import type { Suspect } from './judge.ts';
import type { Vitals } from './vitals.ts';

/** A run that is looked at, with how much of it was seen in Azure. */
export type RunSuspect = Suspect & { readonly things: number };

/** Books that are not closed: the run has not ended, or has ended without proof that nothing is left. */
export function isUnsettled({ status, cleanupStatus }: Pick<RunRecord, 'status' | 'cleanupStatus'>): boolean {
  return status === 'running' || cleanupStatus === 'leftovers' || cleanupStatus === 'unknown';
}

/** Every run that has things in Azure or open books, with what is known of it. `inEngine`: ids of finished instances. */
export function suspectsOf(evidence: {
  readonly found: readonly FoundRun[];
  readonly books: readonly RunRecord[];
  readonly vitals: Vitals;
  readonly sightings: ReadonlyMap<string, string>;
  readonly inEngine: ReadonlySet<string>;
}): RunSuspect[] {
  const { found, books, vitals, sightings, inEngine } = evidence;
  const records = new Map(books.map((record) => [record.runId, record]));
  const finds = new Map(found.map((run) => [run.runId, run]));
  const open = books.filter(isUnsettled).map(({ runId }) => runId);
  return [...new Set([...finds.keys(), ...open])].map((runId) => ({
    runId,
    things: finds.get(runId)?.things ?? 0,
    alive: vitals.isAlive(runId),
    closing: vitals.isClosing(runId),
    known: records.has(runId) || inEngine.has(runId),
    expiresOn: finds.get(runId)?.expiresOn ?? records.get(runId)?.expiresOn,
    firstSeenAt: sightings.get(runId),
  }));
}
