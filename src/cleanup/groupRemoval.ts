import type { ArmThing, ListedResource } from '../azure/resources.ts';
import type { Leftover } from '../domain/cleanup.ts';
import { Blocked } from '../domain/errors.ts';
import { isKept, refusalOf } from './guards.ts';
import { inTiers } from './order.ts';
import { failure, type Outcome, type Removal, type Removed, startDelete } from './removal.ts';

/** A group that Azure has been deleting for so long is taken apart. */
const STUBBORN_AFTER_MS = 10 * 60_000;

const WORKSPACE = /^microsoft\.operationalinsights\/workspaces$/i;

/**
 * Deletes a group and with it all that lies in it. A deletion that has ended without the group being gone is begun once
 * more: what held something in it has often gone meanwhile. Where that has not helped either, where Azure refuses, or
 * where one of its resources must be kept, its resources are deleted one by one, a tier of dependencies a call. A group
 * that Azure made for a resource follows that resource.
 */
export async function removeGroup(leftover: Leftover, removal: Removal): Promise<Removed[]> {
  const resources = await removal.services.resources();
  const group = await resources.read(leftover.id);
  if (!group) return [{ leftover, outcome: 'gone' }];
  const { tags, managedBy } = group;
  const refusal =
    refusalOf({ ...leftover, ...(managedBy ? { managedBy } : {}) }, { ...removal, tags }) ??
    (await ownerStays(group, removal));
  if (refusal) return [{ leftover, outcome: { reason: refusal } }];

  const attempt = attemptOf(leftover, group, removal);
  if (attempt === 'under way') return [{ leftover, outcome: 'deleting' }];

  const contents = await resources.listInGroup(leftover.id.slice(leftover.id.lastIndexOf('/') + 1));
  const kept = contents.filter((resource) => isKept(resource.tags));
  if (kept.length > 0) {
    const reason = `refused: ${kept.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)).join(', ')} in it has the tag DoNotDelete`;
    return [{ leftover, outcome: { reason } }, ...(await takeApart(contents, removal))];
  }
  if (attempt === 'apart') {
    const parts = await takeApart(contents, removal);
    return [
      { leftover, outcome: group.deleting ? 'deleting' : await deleteGroup(leftover, removal) },
      ...parts,
    ];
  }
  const workspaces = contents.filter(({ type }) => WORKSPACE.test(type));
  const first = await removeAll(workspaces, removal);
  try {
    const outcome = await deleteGroupOrThrow(leftover, removal);
    return [{ leftover, outcome, ...(attempt === 'again' ? { again: true } : {}) }, ...first];
  } catch (error) {
    const outcome = await failure(error, leftover.id, removal);
    if (!(error instanceof Blocked)) return [{ leftover, outcome }, ...first];
    return [{ leftover, outcome }, ...first, ...(await takeApart(contents, removal))];
  }
}

/** What is to be done about a group, by what the books say of earlier deletions and whether Azure is at one. */
function attemptOf(
  { id }: Leftover,
  { deleting }: ArmThing,
  { ledger }: Removal,
): 'first' | 'under way' | 'again' | 'apart' {
  const entry = ledger.find((known) => known.id.toLowerCase() === id.toLowerCase());
  const { removedAt, retriedAt } = entry ?? {};
  const last = retriedAt ?? removedAt;
  if (deleting) {
    const isLong = last !== undefined && Date.now() - Date.parse(last) > STUBBORN_AFTER_MS;
    return isLong ? 'apart' : 'under way';
  }
  if (!removedAt) return 'first';
  return retriedAt ? 'apart' : 'again';
}

/** Azure removes a managed group with its owner, and refuses (deny assignment) anybody who is faster. */
async function ownerStays({ managedBy }: ArmThing, { services }: Removal): Promise<string | undefined> {
  if (!managedBy) return undefined;
  const owner = await (await services.resources()).read(managedBy);
  return owner && `it follows ${managedBy}, which manages it and is still there`;
}

async function deleteGroup(leftover: Leftover, removal: Removal): Promise<Outcome> {
  try {
    return await deleteGroupOrThrow(leftover, removal);
  } catch (error) {
    return failure(error, leftover.id, removal);
  }
}

async function deleteGroupOrThrow({ id }: Leftover, { budget, services }: Removal): Promise<Outcome> {
  const spent = budget.take();
  return spent ? { reason: spent } : (await services.resources()).startDelete(id);
}

/**
 * Deletes what can go now: tier after tier until Azure is at one of them. The next tier would be refused as being in use
 * until that one is gone; it is the next round's.
 */
async function takeApart(contents: readonly ListedResource[], removal: Removal): Promise<Removed[]> {
  const removed: Removed[] = [];
  for (const tier of inTiers([...childrenOf(contents, removal), ...contents])) {
    const results = await removeAll(tier, removal);
    removed.push(...results);
    if (results.some(({ outcome }) => outcome === 'deleting')) break;
  }
  return removed;
}

/** Lists show no children; those that the ledger knows go before their parents. */
function childrenOf(contents: readonly ListedResource[], { ledger }: Removal): ListedResource[] {
  const parents = contents.map(({ id }) => `${id.toLowerCase()}/`);
  return ledger
    .filter(
      ({ id, state }) => state !== 'deleted' && parents.some((parent) => id.toLowerCase().startsWith(parent)),
    )
    .flatMap(({ id, resourceType }) => (resourceType ? [{ id, type: resourceType, tags: {} }] : []));
}

async function removeAll(tier: readonly ListedResource[], removal: Removal): Promise<Removed[]> {
  return Promise.all(
    tier
      .filter(({ tags }) => !isKept(tags))
      .map(({ id, type }) =>
        removal.limit(async () => {
          const leftover: Leftover = { kind: 'resource', id, source: 'arm-resources', resourceType: type };
          const spent = removal.budget.take();
          return { leftover, outcome: spent ? { reason: spent } : await tryDelete(id, type, removal) };
        }),
      ),
  );
}

async function tryDelete(id: string, type: string, removal: Removal): Promise<Outcome> {
  try {
    return await startDelete(id, type, removal);
  } catch (error) {
    return failure(error, id, removal);
  }
}
