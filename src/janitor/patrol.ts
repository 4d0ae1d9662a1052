import type { DurableClient } from 'durable-functions';
import { ensureError } from '../domain/errors.ts';
import { findInstance, liveInstances } from '../instances.ts';
import type { EventLog } from '../log/eventLog.ts';
import type { LogEvents } from '../log/events.ts';
import type { Services } from '../services.ts';
import { close } from './close.ts';
import { attribute, type Find, type FoundRun } from './finds.ts';
import { judge, type Patience } from './judge.ts';
import { forgetOldRuns } from './retention.ts';
import { lookAround, type Silence } from './sources.ts';
import { type RunSuspect, suspectsOf } from './suspects.ts';
import { vitalsOf } from './vitals.ts';

/** All that one round knows. */
interface View {
  readonly suspects: readonly RunSuspect[];
  /** Named like ours, and nothing more. */
  readonly foreign: readonly Find[];
  readonly silent: readonly Silence[];
  /** First sightings (ISO) of earlier rounds. */
  readonly sightings: ReadonlyMap<string, string>;
}

/**
 * One round of the janitor. Looks at everything of ours in Azure and at the books, and closes each run that is dead and
 * was dead in an earlier round, too. Throws when the engine or the books do not answer: without them nobody can tell the
 * dead from the living. A source in Azure that is silent is logged, and nothing that it may have seen is forgotten.
 */
export async function patrol(client: DurableClient, services: Services, log: EventLog): Promise<void> {
  const view = await look(client, services);
  const patience: Patience = {
    now: new Date().toISOString(),
    patienceSeconds: services.config.janitorPatienceSeconds,
    graceSeconds: services.config.graceSeconds,
  };
  // One run that cannot be handled must not keep the others waiting.
  const failures: Error[] = [];
  for (const suspect of view.suspects) {
    await actOn(suspect, patience, client, services, log).catch((error: unknown) =>
      failures.push(ensureError(error)),
    );
  }
  if (view.silent.length === 0) await forgetTheGone(view, services);
  await forget(client, services, patience.now, log).catch((error: unknown) =>
    failures.push(ensureError(error)),
  );
  tell(view, failures, log);
  if (failures.length > 0)
    throw new AggregateError(failures, `janitor: ${failures.length} runs could not be handled`);
}

async function forget(client: DurableClient, services: Services, now: string, log: EventLog): Promise<void> {
  const forgotten = await forgetOldRuns(client, services, now);
  if (forgotten.length > 0) log('runs_forgotten', { run_ids: forgotten });
}

async function look(client: DurableClient, services: Services): Promise<View> {
  const records = await services.records();
  // The engine is asked last: a run that begins in between is alive when its things are judged.
  const { finds, silent } = await lookAround(services);
  const [books, sightings] = await Promise.all([records.runs.all(), records.sightings.all()]);
  const vitals = vitalsOf(await liveInstances(client));
  const inBooks = books.map(({ runId }) => runId);
  const { runs: found, foreign } = attribute(finds, [...inBooks, ...vitals.runIds]);
  const inEngine = await engineKnows(found, new Set(inBooks), client);
  return {
    suspects: suspectsOf({ found, books, vitals, sightings, inEngine }),
    foreign,
    silent,
    sightings,
  };
}

async function forgetTheGone({ suspects, sightings }: View, services: Services): Promise<void> {
  const present = new Set(suspects.map(({ runId }) => runId));
  const records = await services.records();
  for (const id of sightings.keys()) if (!present.has(id)) await records.sightings.forget(id);
}

function tell({ suspects, foreign, silent }: View, failures: readonly Error[], log: EventLog): void {
  for (const { source, id } of foreign) log('janitor_foreign', { source, id });
  for (const { source, why } of silent) log('janitor_blind', { source, reason: why });
  for (const { message } of failures) log('janitor_failed', { reason: message });
  log('janitor_round', {
    suspects: suspects.length,
    foreign: foreign.length,
    silent: silent.length,
    failures: failures.length,
  });
}

/** Of the runs that the books do not know, those that the engine still remembers. */
async function engineKnows(
  found: readonly FoundRun[],
  inBooks: ReadonlySet<string>,
  client: DurableClient,
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const { runId } of found) {
    if (!inBooks.has(runId) && (await findInstance(client, runId))) known.add(runId);
  }
  return known;
}

async function actOn(
  suspect: RunSuspect,
  patience: Patience,
  client: DurableClient,
  services: Services,
  log: EventLog,
): Promise<void> {
  const { runId, things, expiresOn = null } = suspect;
  const { sightings } = await services.records();
  const found = (verdict: LogEvents['janitor_found']['verdict']) =>
    log('janitor_found', { run_id: runId, things, verdict, expires_on: expiresOn });
  const verdict = judge(suspect, patience);
  switch (verdict.action) {
    case 'leave':
      if (verdict.why === 'overdue') found('overdue');
      if (verdict.why === 'closing') found('being_closed');
      if (verdict.why === 'lease') found('leased');
      if (verdict.why === 'alive' || verdict.why === 'overdue') await sightings.forget(runId);
      return;
    case 'note':
      found('noted');
      return sightings.note(runId, patience.now);
    case 'wait':
      return found('waiting');
    case 'remove':
      return found((await close(suspect, client, services)) ? 'closing' : 'alive_again');
  }
}
