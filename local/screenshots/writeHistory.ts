import process from 'node:process';
import { ManagedIdentityCredential } from '@azure/identity';
import pLimit from 'p-limit';
import { createStorage } from '../../src/azure/storage.ts';
import { createRecords } from '../../src/records/records.ts';
import { pastRuns } from './history.ts';

/**
 * Writes the made-up past into the books: `writeHistory.ts <account>`. A process of its own, because the proxy and the
 * certificates of the stand-in have to be in the environment when Node starts.
 */
const [account = ''] = process.argv.slice(2);
const AT_ONCE = 8;
/** Runs whose agents are written, too: enough for the success of scenarios. */
const WITH_AGENTS = 12;

const records = createRecords(createStorage({ account, credential: new ManagedIdentityCredential() }));
const limit = pLimit(AT_ONCE);
const runs = pastRuns(new Date());
await Promise.all(
  runs.map((run, index) =>
    limit(async () => {
      const { runId, cleanupStatus, resourcesCreated, leakedResources, ...rest } = run;
      await records.runs.save(runId, rest);
      await records.runs.save(runId, { cleanupStatus });
      // Settling has counted what the list of resources holds, which is nothing.
      await records.runs.save(runId, {
        ...(resourcesCreated === undefined ? {} : { resourcesCreated }),
        ...(leakedResources === undefined ? {} : { leakedResources }),
      });
      if (index < runs.length - WITH_AGENTS) return;
      for (const [place, scenarioId] of run.scenarios.entries()) {
        const failed = run.status !== 'completed' && place === 0;
        await records.agents.save(runId, `hm-${runId.slice(4, 12)}${runId.slice(13, 15)}-${scenarioId}`, {
          runId,
          scenarioId,
          title: scenarioId,
          area: '',
          state: failed ? 'failed' : 'completed',
          startedAt: run.startedAt,
          endedAt: run.completedAt,
        });
      }
    }),
  ),
);
