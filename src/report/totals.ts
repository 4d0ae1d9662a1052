import type { Report } from '../domain/report.ts';
import { type ScenarioSums, sumOf } from '../domain/scenarioSums.ts';
import { cleanProof } from './proof.ts';
import { secondsBetween } from './units.ts';

/** A column of a table holds 32,768 characters. A run of more scenarios than fit has its agents read instead. */
const MAX_SUMS_LENGTH = 30_000;

/** What the list of runs keeps of a report: how long it took to be clean, what its scenarios cost, how its agents fared. */
export function totalsOf(report: Report): {
  byScenario?: ScenarioSums;
  cleanSeconds?: number;
  estimatedCostUsd?: number;
} {
  const cleaning = report.phases.find(({ phase }) => phase === 'cleaning');
  const proof = report.cleanup.status === 'verified' ? cleanProof(report.cleanup.rounds, 1) : undefined;
  const cost = costOf(report);
  const byScenario = sumOf(report.agents);
  return {
    ...(JSON.stringify(byScenario).length > MAX_SUMS_LENGTH ? {} : { byScenario }),
    ...(cleaning && proof ? { cleanSeconds: secondsBetween(cleaning.startedAt, proof.provedAt) } : {}),
    ...(cost === undefined ? {} : { estimatedCostUsd: cost }),
  };
}

/** What the scenarios of the agents are estimated to cost, US dollars; undefined when no estimate is known. */
export function costOf({ agents }: Pick<Report, 'agents'>): number | undefined {
  const known = agents.flatMap(({ estimatedCostUsd }) => estimatedCostUsd ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0);
}
