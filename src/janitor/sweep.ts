import type { InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { findInstance, liveInstances } from '../instances.ts';
import type { Services } from '../services.ts';
import { close } from './close.ts';
import { attribute, type Find, type FoundRun } from './finds.ts';
import { judge, type Patience, type Suspect } from './judge.ts';
import { isProbe, removeProbe } from './probes.ts';
import { lookAround } from './sources.ts';
import { suspectsOf } from './suspects.ts';
import { vitalsOf } from './vitals.ts';

type Log = Pick<InvocationContext, 'log' | 'warn' | 'error'>;

/**
 * One round of the janitor. Looks at everything of ours in Azure and at the books, and closes each run that is dead and
 * was dead in an earlier round, too. Throws when the engine or the books do not answer: without them nobody can tell the
 * dead from the living. A source in Azure that is silent is logged, and nothing that it may have seen is forgotten.
 */
export async function sweep(client: DurableClient, services: Services, log: Log): Promise<void> {
  const { sightings, runs } = await services.records();
  // The engine is asked after the sources: a run that begins in between is alive when its things are judged.
  const { finds, silent } = await lookAround(services);
  const [books, seen] = await Promise.all([runs.all(), sightings.all()]);
  const vitals = vitalsOf(await liveInstances(client));
  const { runs: found, foreign } = attribute(finds, [...books.map(({ runId }) => runId), ...vitals.runIds]);
  const inEngine = await engineKnows(found, new Set(books.map(({ runId }) => runId)), client);
  const suspects = suspectsOf({ found, books, vitals, sightings: seen, inEngine });
  const probes = foreign.filter(isProbe);

  const now = new Date().toISOString();
  const patience: Patience = {
    now,
    patienceSeconds: services.config.janitorPatienceSeconds,
    graceSeconds: services.config.graceSeconds,
  };
  for (const suspect of suspects) await actOn(suspect, patience, client, services, log);
  for (const probe of probes) await actOnProbe(probe, seen.get(probe.name), patience, services);

  for (const { source, id } of foreign.filter((find) => !isProbe(find))) {
    log.warn(`janitor: ${id} (${source}) is named like ours, but nothing proves it. It is left alone.`);
  }
  for (const { source, why } of silent) log.error(`janitor: ${source} did not answer. ${why}`);
  if (silent.length > 0) {
    log.error('janitor: this round is not whole; what the silent sources would have shown is not known.');
    return;
  }
  const present = new Set([...suspects.map(({ runId }) => runId), ...probes.map(({ name }) => name)]);
  for (const id of seen.keys()) if (!present.has(id)) await sightings.forget(id);
  if (present.size === 0) log.log('janitor: every source answered, and nothing is left of any run.');
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
  suspect: Suspect & { readonly things: number },
  patience: Patience,
  client: DurableClient,
  services: Services,
  log: Log,
): Promise<void> {
  const { runId, things, expiresOn } = suspect;
  const { sightings } = await services.records();
  const verdict = judge(suspect, patience);
  const what = `janitor: run ${runId} (${things} things seen)`;
  switch (verdict.action) {
    case 'leave':
      if (verdict.why === 'overdue') log.warn(`${what} expired ${expiresOn} and is still alive. Look at it.`);
      if (verdict.why === 'closing') log.log(`${what} is being closed.`);
      if (verdict.why === 'lease')
        log.warn(`${what} is unknown here; it has a right to exist until ${expiresOn}.`);
      if (verdict.why === 'alive' || verdict.why === 'overdue') await sightings.forget(runId);
      return;
    case 'note':
      log.warn(`${what} is dead. It is closed if it is still dead in ${patience.patienceSeconds} s.`);
      return sightings.note(runId, patience.now);
    case 'wait':
      log.log(`${what} is dead; it is closed after ${verdict.until}.`);
      return;
    case 'remove':
      if (await close(suspect, client, services)) log.warn(`${what} is dead and is being closed.`);
      else log.log(`${what} has come alive; it is left alone.`);
      return;
  }
}

async function actOnProbe(
  probe: Find,
  firstSeenAt: string | undefined,
  patience: Patience,
  services: Services,
): Promise<void> {
  const { action } = judge(
    { runId: probe.name, alive: false, closing: false, known: true, firstSeenAt },
    patience,
  );
  if (action === 'note') await (await services.records()).sightings.note(probe.name, patience.now);
  if (action === 'remove') await removeProbe(probe, services);
}
