import { groupOf } from '../cleanup/guards.ts';
import { ensureError, Unavailable } from '../domain/errors.ts';
import { MANAGED_TAG, NAME_PREFIX } from '../domain/naming.ts';
import type { Services } from '../services.ts';
import { type Find, isManaged, JANITOR_SOURCES, type JanitorSource } from './finds.ts';

const SOURCE_TIMEOUT_MS = 60_000;

/** A source that did not answer. */
export interface Silence {
  readonly source: JanitorSource;
  readonly why: string;
}

type Seen = Omit<Find, 'source'>;

/** How each source is asked for what any run has made. */
const ASK: Readonly<Record<JanitorSource, (services: Services) => Promise<Seen[]>>> = {
  'resource-graph': async (services) => (await services.resourceGraph()).managed(),
  'arm-groups': async (services) => (await services.resources()).listGroups(NAME_PREFIX),
  // Resource Graph lags behind; what lies untagged in a group of ours goes with its group.
  'arm-resources': async (services) => {
    const all = await (await services.resources()).listAll();
    return all.filter(({ tags }) => isManaged(tags)).map(({ id, tags }) => ({ id, name: id, tags }));
  },

  'arm-soft-deleted': async (services) => {
    const deleted = await (await services.softDeletions()).list();
    return deleted
      .map(({ id, originalId, tags }) => ({ id, name: groupOf(originalId), tags }))
      .filter(({ name, tags }) => name.startsWith(NAME_PREFIX) || isManaged(tags));
  },

  'container-apps-jobs': async (services) => (await services.containerApps()).listJobs(NAME_PREFIX),

  'entra-applications': async (services) => {
    const entra = await services.entra();
    const [tagged, named] = await Promise.all([
      entra.findApplications({ tag: `${MANAGED_TAG}:true` }),
      entra.findApplications({ uniqueNamePrefix: NAME_PREFIX }),
    ]);
    const distinct = new Map([...tagged, ...named].map((found) => [found.objectId, found]));
    return [...distinct.values()].map(({ objectId, displayName, uniqueName, tags }) => ({
      id: objectId,
      name: uniqueName ?? displayName,
      tags: directoryTagsOf(tags),
    }));
  },

  'entra-deleted-items': async (services) => {
    const filter = { tag: `${MANAGED_TAG}:true`, uniqueNamePrefix: NAME_PREFIX, appIds: [] };
    const deleted = await (await services.entra()).findDeleted(filter);
    return deleted.map(({ objectId, displayName, tags }) => ({
      id: objectId,
      name: displayName,
      tags: directoryTagsOf(tags),
    }));
  },

  'key-vault': async (services) => (await services.keyVault()).listTagged(NAME_PREFIX),
  'key-vault-deleted': async (services) => (await services.keyVault()).listDeletedTagged(NAME_PREFIX),
};

/** Asks every source, side by side. What a silent one would have said is not known, so it is named and not left out. */
export async function lookAround(services: Services): Promise<{ finds: Find[]; silent: Silence[] }> {
  const finds: Find[] = [];
  const silent: Silence[] = [];
  await Promise.all(
    JANITOR_SOURCES.map(async (source) => {
      try {
        const seen = await inTime(ASK[source](services));
        finds.push(...seen.map(({ id, name, tags }) => ({ source, id, name, tags })));
      } catch (error) {
        silent.push({ source, why: ensureError(error).message });
      }
    }),
  );
  return { finds, silent };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable(`no answer within ${SOURCE_TIMEOUT_MS / 1_000} s`)),
      SOURCE_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Entra's flat `key:value` tags as names and values. */
function directoryTagsOf(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const colon = tag.indexOf(':');
      return colon > 0 ? [[tag.slice(0, colon), tag.slice(colon + 1)]] : [];
    }),
  );
}
