import { createHash } from 'node:crypto';
import { type Question, SOURCES } from '../cleanup/sources.ts';
import type { CleanupRound, CleanupSource, Evidence, Leftover } from '../domain/cleanup.ts';
import { CLEANUP_SOURCES } from '../domain/cleanup.ts';
import { ensureError, Unavailable } from '../domain/errors.ts';
import { liesInRun } from '../domain/naming.ts';
import { type EventLog, silent } from '../log/eventLog.ts';
import type { Services } from '../services.ts';
import type { VerifyInput, VerifyOutput } from './contracts.ts';

const SOURCE_TIMEOUT_MS = 60_000;

/**
 * Asks every source what is left of a run and keeps what each said as evidence. `clean` needs an answer from all of
 * them: one that failed makes the verdict `unknown`, however empty the others are.
 */
export async function verifyCleanup(
  { runId, sweep, round, provesIt = false, dryRun = false }: VerifyInput,
  services: Services,
  log: EventLog = silent,
): Promise<VerifyOutput> {
  const records = await services.records();
  if (!dryRun) await records.runs.begin(runId, 'cleaning', new Date().toISOString());
  const question: Question = { runId, ledger: await records.ledger.ofRun(runId) };

  const answers = await askAll(question, services);
  const leftovers = distinct(answers.flatMap((answer) => answer.leftovers));
  const evidence = answers.map((answer) => answer.evidence);
  const record: CleanupRound = {
    runId,
    sweep,
    round,
    askedAt: new Date().toISOString(),
    verdict: verdictOf(evidence, leftovers),
    evidence,
    leftovers,
  };
  await records.documents.saveRound(record);
  if (!dryRun) await noteDiscoveries(leftovers, question, services);
  if (provesIt && record.verdict === 'clean' && !dryRun) await records.ledger.close(question.ledger);

  const { verdict } = record;
  const found = leftovers.length;
  const deleting = leftovers.filter((leftover) => leftover.deleting).length;
  const blindSources = evidence.filter((item) => item.outcome === 'failed').map((item) => item.source);
  log('cleanup_round', { run_id: runId, round, verdict, found, deleting, dry_run: dryRun });
  if (blindSources.length > 0) log('cleanup_blind', { run_id: runId, round, sources: blindSources });
  return { verdict, found, deleting, blindSources, fingerprint: fingerprint(leftovers) };
}

/**
 * Asks all sources side by side, and then for what the ledger knows and ARM's own lists do not show, id by id: what is in
 * those lists is there, and nothing is clean before they are empty. So every id is asked for before "clean" is said.
 */
async function askAll(question: Question, services: Services): Promise<Answer[]> {
  const others = CLEANUP_SOURCES.filter((source) => source !== 'arm-ledger');
  const answers = await Promise.all(others.map((source) => ask(source, question, services)));
  const listed = answers
    .flatMap(({ leftovers }) => leftovers)
    .filter(({ source }) => source === 'arm-groups' || source === 'container-apps-jobs');
  const seen = new Set(listed.map(({ id }) => id.toLowerCase()));
  const { evidence, leftovers } = await ask('arm-ledger', { ...question, seen }, services);
  const detail = `${seen.size} that ARM's own lists show were not asked for one by one`;
  const told = evidence.outcome === 'answered' && seen.size > 0 ? { ...evidence, detail } : evidence;
  const byId: Answer = { leftovers, evidence: told };
  return CLEANUP_SOURCES.map((source) => answers.find((answer) => answer.evidence.source === source) ?? byId);
}

interface Answer {
  readonly evidence: Evidence;
  readonly leftovers: Leftover[];
}

async function ask(source: CleanupSource, question: Question, services: Services): Promise<Answer> {
  const askedAt = new Date().toISOString();
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Unavailable(`no answer within ${SOURCE_TIMEOUT_MS / 1_000} s`)),
        SOURCE_TIMEOUT_MS,
      );
    });
    const leftovers = await Promise.race([SOURCES[source](question, services), timeout]);
    return {
      leftovers,
      evidence: { source, askedAt, outcome: 'answered', found: distinct(leftovers).length },
    };
  } catch (error) {
    return {
      leftovers: [],
      evidence: { source, askedAt, outcome: 'failed', found: 0, detail: ensureError(error).message },
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Leftovers are leftovers even when a source is blind; nothing found by a blind set of sources is unknown. */
export function verdictOf(
  evidence: readonly Evidence[],
  leftovers: readonly Leftover[],
): CleanupRound['verdict'] {
  if (leftovers.length > 0) return 'leftovers';
  const allAnswered = CLEANUP_SOURCES.every((source) =>
    evidence.some((e) => e.source === source && e.outcome === 'answered'),
  );
  return allAnswered ? 'clean' : 'unknown';
}

/**
 * Several sources see the same thing; it counts once, and as being deleted when one of them says so. Its source is one
 * that looks at the thing itself, if there is one: what only an index shows may be gone.
 */
export function distinct(leftovers: readonly Leftover[]): Leftover[] {
  const byId = new Map<string, Leftover>();
  for (const leftover of leftovers) {
    const key = `${leftover.kind}|${leftover.id.toLowerCase()}`;
    const known = byId.get(key);
    const [first, second] = known?.deleting || !known ? [leftover, known] : [known, leftover];
    const { source } = known && !isIndex(known) ? known : leftover;
    byId.set(key, { ...first, ...second, source });
  }
  return [...byId.values()];
}

function isIndex({ source }: Leftover): boolean {
  return source === 'resource-graph' || source === 'resource-graph-roles';
}

/** What lies in the run's groups, announced or not: the books say what was really made. */
async function noteDiscoveries(
  leftovers: readonly Leftover[],
  { runId, ledger }: Question,
  services: Services,
): Promise<void> {
  const records = await services.records();
  const known = new Set(ledger.map((entry) => entry.id.toLowerCase()));
  const discovered = leftovers.filter(
    ({ kind, id }) => kind === 'resource' && liesInRun(id, runId) && !known.has(id.toLowerCase()),
  );
  const at = new Date().toISOString();
  await records.ledger.noteAll(
    discovered.map(({ id, agentId = '', resourceType = '' }) => ({
      runId,
      kind: 'resource' as const,
      id,
      change: { agentId, state: 'created', source: 'discovered', resourceType, at },
    })),
  );
}

function fingerprint(leftovers: readonly Leftover[]): string {
  const ids = leftovers.map((leftover) => `${leftover.kind}|${leftover.id.toLowerCase()}`).sort();
  return createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 16);
}
