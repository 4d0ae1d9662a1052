import type { CleanupResult, CleanupRound, Leftover, LeftoverKind } from '../domain/cleanup.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Report, ReportResource } from '../domain/report.ts';
import type { CleanProof } from './proof.ts';
import { inOrder, sawEverything } from './proof.ts';

type Thing = Pick<Leftover, 'kind' | 'id'> & Partial<Pick<Leftover, 'agentId' | 'resourceType'>>;

/** The state in which a deleted thing lingers belongs to the thing that was made. */
const MADE_AS: Partial<Record<LeftoverKind, string>> = {
  'service-principal': 'application',
  'deleted-application': 'application',
  'deleted-service-principal': 'application',
  'deleted-secret': 'secret',
};

const KIND_ORDER = ['resource-group', 'application', 'role-assignment', 'secret', 'job', 'resource'];

/**
 * What was made and what became of it, from the ledger, the clean-up's rounds and its proof.
 * An intent counts as made only when it was confirmed or is still found; a leftover that nobody announced is added.
 * The counts: `created = removed + remaining + those whose fate nobody knows` (the last only when clean-up is unknown).
 */
export function resourcesOf(input: {
  readonly ledger: readonly LedgerEntry[];
  readonly rounds: readonly CleanupRound[];
  readonly result?: CleanupResult | undefined;
  readonly proof?: CleanProof | undefined;
}): Report['resources'] {
  const remaining = input.proof ? [] : remainingThings(input.rounds, input.result);
  const remainingKeys = new Set(remaining.map(keyOf));
  const isRemaining = (entry: LedgerEntry) => keysOf(entry).some((key) => remainingKeys.has(key));

  const made = new Map<string, LedgerEntry>();
  for (const entry of input.ledger) {
    if ((entry.state === 'intended' || entry.neverMade) && !isRemaining(entry)) continue;
    const known = made.get(keyOf(entry));
    made.set(keyOf(entry), known ? { ...known, ...entry, at: earlier(madeAt(known), madeAt(entry)) } : entry);
  }
  const goneAt = input.proof?.firstPassAt ?? lastFullView(input.rounds);
  const groups = [...made.values()].filter(({ kind, removedAt }) => kind === 'resource-group' && removedAt);

  const announced = [...made.values()].map(
    (entry): ReportResource => ({
      id: entry.id,
      kind: entry.kind,
      resourceType: entry.resourceType ?? '',
      agentId: entry.agentId,
      createdAt: madeAt(entry),
      ...(isRemaining(entry) ? STILL_THERE : removal(entry, groups, goneAt)),
    }),
  );
  const announcedKeys = new Set([...made.values()].flatMap(keysOf));
  const discovered = remaining
    .filter((thing) => !announcedKeys.has(keyOf(thing)))
    .map((thing) => discovery(thing, input.rounds));

  const list = [...announced, ...discovered].sort(byAgentThenKind);
  const inState = (state: ReportResource['state']) =>
    list.filter((resource) => resource.state === state).length;
  return { created: list.length, removed: inState('removed'), remaining: inState('remaining'), list };
}

type Fate = Pick<ReportResource, 'state' | 'removedAt' | 'removedBy'>;

const STILL_THERE: Fate = { state: 'remaining', removedAt: null, removedBy: null };
const NOT_KNOWN: Fate = { state: 'unknown', removedAt: null, removedBy: null };

/**
 * Removals are recorded when they begin; that a thing is gone is known only because a look at everything, at `goneAt`,
 * did not find it any more.
 */
function removal(
  entry: LedgerEntry,
  deletedGroups: readonly LedgerEntry[],
  goneAt: string | undefined,
): Fate {
  if (goneAt === undefined) return NOT_KNOWN;
  if (entry.removedAt) {
    return { state: 'removed', removedAt: entry.removedAt, removedBy: entry.removedBy ?? null };
  }
  const group = deletedGroups.find(({ id }) => entry.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
  return {
    state: 'removed',
    removedAt: group?.removedAt ?? goneAt,
    removedBy: group ? (group.removedBy ?? 'cleanup') : null,
  };
}

/** When the last round asked, if every source answered it: what it does not list is gone. */
function lastFullView(rounds: readonly CleanupRound[]): string | undefined {
  const last = inOrder(rounds).at(-1);
  return last && sawEverything(last) ? last.askedAt : undefined;
}

/** Messages may overtake each other: of a thing whose removal alone was announced, that is the first we know. */
function madeAt({ at, removedAt }: LedgerEntry): string {
  return at ?? removedAt ?? '';
}

/** What the last round still saw, and what was given up on; each once. */
function remainingThings(rounds: readonly CleanupRound[], result: CleanupResult | undefined): Thing[] {
  const things: Thing[] = [...(inOrder(rounds).at(-1)?.leftovers ?? []), ...(result?.quarantined ?? [])];
  return [...new Map(things.toReversed().map((thing) => [keyOf(thing), thing])).values()].toReversed();
}

function discovery(thing: Thing, rounds: readonly CleanupRound[]): ReportResource {
  const key = keyOf(thing);
  const firstSeen = inOrder(rounds).find(({ leftovers }) => leftovers.some((other) => keyOf(other) === key));
  return {
    id: thing.id,
    kind: thing.kind,
    resourceType: thing.resourceType ?? '',
    agentId: thing.agentId ?? '',
    createdAt: firstSeen?.askedAt ?? '',
    ...STILL_THERE,
  };
}

/** Identity across ledger and sources: ARM ids whatever their kind and case, everything else by kind and id. */
function keyOf(thing: { readonly kind: string; readonly id: string }): string {
  const id = thing.id.toLowerCase();
  return id.startsWith('/') ? id : `${MADE_AS[thing.kind as LeftoverKind] ?? thing.kind}:${id}`;
}

/** A ledger entry may be seen under its own id or, in Entra, under its object, app or principal id. */
function keysOf(entry: LedgerEntry): string[] {
  const ids = [entry.id, ...Object.values(entry.directory ?? {})];
  return ids.map((id) => keyOf({ kind: entry.kind, id }));
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function byAgentThenKind(a: ReportResource, b: ReportResource): number {
  return (
    a.agentId.localeCompare(b.agentId) ||
    kindRank(a) - kindRank(b) ||
    a.resourceType.localeCompare(b.resourceType) ||
    a.id.localeCompare(b.id)
  );
}

function kindRank({ kind }: ReportResource): number {
  const rank = KIND_ORDER.indexOf(kind);
  return rank < 0 ? KIND_ORDER.length : rank;
}
