import { EXPIRES_TAG, MANAGED_TAG, NAME_PREFIX, RUN_TAG, runKey } from '../domain/naming.ts';

/** Where the janitor looks for what runs have left. Each is asked by itself; one that is silent is named. */
export const JANITOR_SOURCES = [
  'resource-graph',
  'arm-groups',
  'arm-resources',
  'arm-soft-deleted',
  'container-apps-jobs',
  'entra-applications',
  'entra-deleted-items',
  'key-vault',
  'key-vault-deleted',
] as const;
export type JanitorSource = (typeof JANITOR_SOURCES)[number];

/** Something that a source found by our tag or our name prefix, of whatever run. */
export interface Find {
  readonly source: JanitorSource;
  readonly id: string;
  readonly name: string;
  /** Azure's tags, or Entra's `key:value` tags taken apart. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the finds say of one run. */
export interface FoundRun {
  readonly runId: string;
  /** The latest of the ExpiresOn tags. */
  readonly expiresOn?: string;
  readonly things: number;
}

export interface Attribution {
  readonly runs: readonly FoundRun[];
  /** Named like ours, but nothing proves whose they are: reported, never removed. */
  readonly foreign: readonly Find[];
}

const KEY_IN_NAME = new RegExp(`^${NAME_PREFIX}([0-9a-f]{8})-`);
const KEY_IN_DISPLAY_NAME = /^AzureHayMaker-.+-([0-9a-f]{8})-admin$/;
/** A run id is an instance id and part of keys and paths; anything else in the tag is not one of ours. */
const RUN_ID = /^[A-Za-z0-9][\w.:@ -]{0,99}$/;

/**
 * Says which run each find belongs to: by its RunId tag together with the managed tag, or else by the run key in its
 * name, when that is the key of a run that is known (from another find's tag, or as one of `knownRunIds`).
 */
export function attribute(finds: readonly Find[], knownRunIds: readonly string[]): Attribution {
  const tagged = finds.flatMap((find) => taggedRun(find) ?? []);
  const byKey = new Map([...knownRunIds, ...tagged].map((runId) => [runKey(runId), runId]));
  const runs = new Map<string, FoundRun>();
  const foreign: Find[] = [];
  for (const find of finds) {
    const runId = taggedRun(find) ?? byKey.get(keyIn(find.name) ?? '');
    if (runId === undefined) foreign.push(find);
    else runs.set(runId, withFind(runs.get(runId) ?? { runId, things: 0 }, find));
  }
  return { runs: [...runs.values()], foreign };
}

function withFind(run: FoundRun, { tags }: Find): FoundRun {
  const expiry = tagValue(tags, EXPIRES_TAG);
  const known = expiry !== undefined && !Number.isNaN(Date.parse(expiry)) ? expiry : undefined;
  const latest = [run.expiresOn, known]
    .filter((time) => time !== undefined)
    .sort(byTime)
    .at(-1);
  return { ...run, things: run.things + 1, ...(latest === undefined ? {} : { expiresOn: latest }) };
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

function taggedRun({ tags }: Find): string | undefined {
  const runId = tagValue(tags, RUN_TAG);
  return isManaged(tags) && runId !== undefined && RUN_ID.test(runId) ? runId : undefined;
}

/** True when the tags say that a thing is ours, of whatever run. */
export function isManaged(tags: Readonly<Record<string, string>>): boolean {
  return tagValue(tags, MANAGED_TAG)?.toLowerCase() === 'true';
}

function keyIn(name: string): string | undefined {
  return (KEY_IN_NAME.exec(name) ?? KEY_IN_DISPLAY_NAME.exec(name))?.[1];
}

/** Names of Azure tags are not case-sensitive. */
function tagValue(tags: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
