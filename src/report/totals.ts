import type { Report } from '../domain/report.ts';
import { cleanProof } from './proof.ts';
import { secondsBetween } from './units.ts';

/** What the list of runs shows of a report: how long it took to be clean, and the estimated cost of its scenarios. */
export function totalsOf(report: Report): { cleanSeconds?: number; estimatedCostUsd?: number } {
  const cleaning = report.phases.find(({ phase }) => phase === 'cleaning');
  const proof = report.cleanup.status === 'verified' ? cleanProof(report.cleanup.rounds, 1) : undefined;
  const cost = costOf(report);
  return {
    ...(cleaning && proof ? { cleanSeconds: secondsBetween(cleaning.startedAt, proof.provedAt) } : {}),
    ...(cost === undefined ? {} : { estimatedCostUsd: cost }),
  };
}

/** What the scenarios of the agents are estimated to cost, US dollars; undefined when no estimate is known. */
export function costOf({ agents }: Pick<Report, 'agents'>): number | undefined {
  const known = agents.flatMap(({ estimatedCostUsd }) => estimatedCostUsd ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0);
}
