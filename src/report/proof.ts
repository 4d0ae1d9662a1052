import { CLEANUP_SOURCES, type CleanupRound } from '../domain/cleanup.ts';

/** Consecutive clean passes without which nothing is called proven, when the run's plan is not known. */
const DEFAULT_CLEAN_PASSES = 2;

/** That nothing of a run is left: since when, until when, how often and by how many sources it was seen. */
export interface CleanProof {
  readonly firstPassAt: string;
  readonly provedAt: string;
  readonly passes: number;
  readonly sources: number;
}

/** True when every source of CLEANUP_SOURCES was asked and answered, whatever it saw. */
export function sawEverything({ evidence }: CleanupRound): boolean {
  const asked = new Set(evidence.map(({ source }) => source));
  const allAsked = CLEANUP_SOURCES.every((source) => asked.has(source));
  return allAsked && evidence.every(({ outcome }) => outcome === 'answered');
}

/** True when every source answered and none saw anything. */
export function isCleanPass(round: CleanupRound): boolean {
  const sawNothing = round.leftovers.length === 0 && round.evidence.every(({ found }) => found === 0);
  return round.verdict === 'clean' && sawEverything(round) && sawNothing;
}

/** The rounds in the order in which they were asked. */
export function inOrder(rounds: readonly CleanupRound[]): CleanupRound[] {
  return [...rounds].sort((a, b) => a.askedAt.localeCompare(b.askedAt) || a.round - b.round);
}

/** The clean passes with which the clean-up ended, without interruption; empty when the last round was not clean. */
export function finalCleanPasses(rounds: readonly CleanupRound[]): CleanupRound[] {
  const ordered = inOrder(rounds);
  const lastUnclean = ordered.findLastIndex((round) => !isCleanPass(round));
  return ordered.slice(lastUnclean + 1);
}

/**
 * The proof that nothing is left, from the evidence itself and not from what the clean-up said of itself. Undefined when
 * the rounds do not end with enough clean passes (design: asked successfully by every source, twice, some time apart).
 */
export function cleanProof(
  rounds: readonly CleanupRound[],
  neededPasses = DEFAULT_CLEAN_PASSES,
): CleanProof | undefined {
  const passes = finalCleanPasses(rounds);
  const first = passes[0];
  const last = passes.at(-1);
  if (!first || !last || passes.length < neededPasses) return undefined;
  const answerTimes = last.evidence.map(({ askedAt }) => askedAt).sort();
  return {
    firstPassAt: first.askedAt,
    provedAt: answerTimes.at(-1) ?? last.askedAt,
    passes: passes.length,
    sources: CLEANUP_SOURCES.length,
  };
}
