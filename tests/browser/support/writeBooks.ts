import { text } from 'node:stream/consumers';
import pLimit from 'p-limit';
import { getServices } from '../../../src/services.ts';
import type { Books } from './books.ts';

/** Writes the books that come on stdin with the app's own records, into the storage that the environment names. */
const records = await getServices().records();
const limit = pLimit(24);

for (const books of JSON.parse(await text(process.stdin)) as Books[]) {
  const { runId } = books.run;
  await records.runs.save(runId, books.run);
  for (const { phase, startedAt } of books.phases) await records.runs.begin(runId, phase, startedAt);
  await records.runs.save(runId, { phase: books.run.phase });
  const writes = [
    ...books.agents.map((agent) => () => records.agents.save(runId, agent.agentId, agent)),
    ...books.ledger.map((entry) => () => records.ledger.note(runId, entry.kind, entry.id, entry)),
  ];
  await Promise.all(writes.map((write) => limit(write)));
  for (const agentId of new Set(books.events.map((event) => event.agent_id))) {
    const events = books.events.filter((event) => event.agent_id === agentId);
    for (let from = 0; from < events.length; from += 2_000) {
      await records.events.append(runId, agentId, events.slice(from, from + 2_000));
    }
  }
  if (books.checks) await records.documents.saveChecks(runId, books.checks);
  for (const round of books.rounds ?? []) await records.documents.saveRound(round);
  if (books.report) await records.documents.saveReport(books.report.report, books.report.html);
}
