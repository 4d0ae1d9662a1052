import type { RunRecord } from '../domain/run.ts';
import type { documentRecords } from './documents.ts';
import type { ResourceList } from './resourceList.ts';
import type { RunTotals, runRecords } from './runs.ts';

type Runs = ReturnType<typeof runRecords>;

/**
 * Runs whose things are settled with them: when the outcome of a clean-up is saved, the list of resources says which of
 * them are gone, and the run's row how many there were.
 */
export function settling(
  runs: Runs,
  resources: ResourceList,
  documents: ReturnType<typeof documentRecords>,
): Runs {
  return {
    ...runs,
    async save(runId: string, change: Partial<RunRecord & RunTotals>): Promise<void> {
      const status = change.cleanupStatus;
      if (status === undefined || status === 'pending' || status === 'not_needed') {
        return runs.save(runId, change);
      }
      const last = (await documents.rounds(runId)).at(-1);
      const totals = await resources.settle(runId, {
        status,
        at: last?.askedAt ?? change.completedAt ?? new Date().toISOString(),
        remaining: last?.leftovers.map(({ id }) => id) ?? [],
      });
      return runs.save(runId, { ...change, ...totals });
    },
  };
}
